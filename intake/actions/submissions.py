"""Taking submissions of forms into the inbox, and making batches of what waits there."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import require_reach
from accounts.models import User
from audit.actions.record import record
from core.database_errors import whole_or_refused
from core.refusals import refusal
from intake.actions import batches
from intake.arrivals import arrive
from intake.models import Batch, KoboForm, Submission
from intake.sources.submissions import identifiers

#: So many submissions wait for a person before a server is asked to come back later: some 20,000 families.
MOST_WAITING = 20_000
#: Submissions of one batch: what a person can look through, and a file of some 5 MB.
IN_ONE_BATCH = 5_000


class InboxFull(Exception):
    """More waits than anybody looks at; whatever else comes has to be sent again later, and nothing is lost."""


def take(*, form: KoboForm, payload: Mapping[str, Any], by: User) -> Submission:
    """Keep one submission, or find the one that is here under the same instance. Three queries; nothing is read from it yet.

    Raises ValidationError `no_instance` for what no server sent; InboxFull; PermissionDenied for a form out of reach.
    """
    require_reach(by, form, "intake.submission", "add", region="registered_in")
    (instance,) = _instances([payload])
    found = Submission.objects.filter(form=form, instance=instance).first()
    if found is not None:
        return found
    if form.submissions.waiting()[MOST_WAITING - 1 :].exists():
        raise InboxFull
    take_all(form=form, payloads=[payload], by=by)
    return Submission.objects.get(form=form, instance=instance)


@whole_or_refused()
def take_all(*, form: KoboForm, payloads: Sequence[Mapping[str, Any]], by: User) -> int:
    """Keep many submissions in one statement; how many are new. Those that are here already stay as they are."""
    arrive(form.organisation_id)
    before = form.submissions.count()
    rows = [
        Submission(form=form, instance=instance, number=_number(payload), payload=payload, received_by=by.pk)
        for instance, payload in zip(_instances(payloads), payloads, strict=True)
    ]
    Submission.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
    return form.submissions.count() - before


def _instances(payloads: Sequence[Mapping[str, Any]]) -> list[str]:
    found = [identifiers(payload)[0] for payload in payloads]
    if not all(0 < len(instance) <= 80 for instance in found):
        raise refusal(
            _(
                "A submission carries no id of its own (meta/instanceID or _uuid). Send it as the server exports it."
            ),
            code="no_instance",
        )
    return found


def _number(payload: Mapping[str, Any]) -> int | None:
    number = payload.get("_id")
    return number if isinstance(number, int) and 0 <= number < 2**63 else None


@whole_or_refused()
def gather(*, form: KoboForm, by: User) -> Batch:
    """Make a batch of the oldest submissions that wait, at most IN_ONE_BATCH of them. A dozen queries.

    An edit of something that waits too stands in its place; an edit of what is in the register already is shown as such by the
    check. Where the form's mapping was taken out of use, a person says what the questions mean. Raises ValidationError
    `nothing_waits`.
    """
    require_reach(by, form, "intake.batch", "add", region="registered_in")
    arrive(form.organisation_id)
    locked = KoboForm.objects.select_for_update(no_key=True).get(pk=form.pk)
    waiting = list(locked.submissions.waiting().order_by("pk")[:IN_ONE_BATCH])
    if not waiting:
        raise refusal(
            _("No submission of this form waits for a batch. Pull from the server, or wait."),
            code="nothing_waits",
        )
    name = f"{locked.name} {timezone.localtime():%Y-%m-%d %H:%M:%S}.json"
    batch = batches.receive(
        organisation=locked.organisation,
        kind="people",
        file=io.BytesIO(orjson.dumps([submission.payload for submission in waiting])),
        name=name,
        by=by,
        registered_in=locked.registered_in,
        mapping=locked.mapping if locked.mapping and locked.mapping.is_in_use else None,
    )
    Submission.objects.filter(pk__in=[submission.pk for submission in waiting]).update(batch=batch)
    record("gather", locked, by=by, detail={"submissions": len(waiting), "batch": str(batch.pk)})
    return batch
