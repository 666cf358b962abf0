"""What a list that is taken in from a shell is asked about: in whose name, for whom, where; and how far it is."""

from threading import Event, Thread
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from intake.models import Batch, Mapping
from regions.models import Region

#: Seconds between two looks at how far the work is.
_PAUSE = 1.0


def sender(username: str) -> User:
    """The user of this name. Raises CommandError."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(_("No active user has this name. Check --by."))
    return found


def organisation_meant(short_name: str) -> Organisation | None:
    """The organisation of this short name, None where none is named. Raises CommandError."""
    if not short_name:
        return None
    found = Organisation.objects.filter(short_name__iexact=short_name).first()
    if found is None:
        raise CommandError(_("No organisation has this short name. Check --organisation."))
    return found


def region_meant(text: str, by: User) -> Region:
    """The region of this code or name; where none is named, the one in which the user works.

    Raises CommandError, or ValidationError for a name that no region has or several have.
    """
    if text:
        return Region.objects.find(text)
    regions = {membership.region for membership in by.memberships.select_related("region")}
    only = regions.pop() if len(regions) == 1 else None
    if only is None:
        raise CommandError(_("Say where the list was taken down: --region and a code or a name."))
    return only


def mapping_meant(name: str, kind: str, organisation: Organisation) -> Mapping | None:
    """The saved mapping of this name, None where none is named. Raises CommandError."""
    if not name:
        return None
    found = Mapping.objects.in_use().filter(organisation=organisation, kind=kind, name=name).first()
    if found is None:
        raise CommandError(
            _("The organisation has no mapping of this name for this kind of list. Check --mapping.")
        )
    return found


class Bystander:
    """Says now and then how far the work on a batch is, on a connection of its own, while somebody else does it."""

    def __init__(self, batch_id: UUID, out: Any) -> None:
        self._batch_id, self._out = batch_id, out
        self._is_over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        said = ""
        try:
            while not self._is_over.wait(_PAUSE):
                words = self._words()
                if words and words != said:
                    self._out.write(f"{words}\n")
                    self._out.flush()
                    said = words
        finally:
            connection.close()

    def _words(self) -> str:
        found = Batch.objects.filter(pk=self._batch_id).values_list("progress", "total").first()
        if found is None or not found[0]:
            return ""
        done, total = found
        if total:
            return _("%(done)s of %(total)s rows") % {"done": f"{done:,}", "total": f"{total:,}"}
        return _("%(done)s rows so far") % {"done": f"{done:,}"}
