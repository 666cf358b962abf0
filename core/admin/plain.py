"""Django's own form: of plain entries alone, for what its page says, and about the entry as the page showed it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.forms.models import _get_foreign_key, model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from core.database_errors import as_refusal

#: The hidden field by which a page says how the entry was that it showed.
SEEN = "_seen"


class OwnForm:
    """For kinds of record: what acts change is sent by no form of Django's own.

    Of two who have the same entry open the later one does not undo unseen what the first one saved: a role that was taken,
    an account that was closed.
    """

    is_plain: bool

    def changeform_view(
        self: Any,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """By `_saveasnew` Django would take a whole new record from whoever may add one, and ask no act about it.

        Raises PermissionDenied.
        """
        if request.method == "POST" and (not self.is_plain or "_saveasnew" in request.POST):
            raise PermissionDenied
        shown: Callable[..., HttpResponse] = super().changeform_view  # type: ignore[misc]  # of the page that this is mixed into
        if request.method != "POST":
            return shown(request, object_id, form_url, extra_context)
        with transaction.atomic():
            newer = self._saved_since(request, object_id) if object_id else None
            if newer is not None:
                words = _(
                    "Somebody saved this entry since you opened it, so nothing of yours was saved. This is how it stands now: "
                    "look at it, and enter again what is still to be changed."
                )
                messages.warning(request, words)
                return HttpResponseRedirect(self.record_url(newer))
            try:
                return shown(request, object_id, form_url, extra_context)
            except IntegrityError:
                answer: HttpResponse = self._once_more(shown, request, object_id, form_url, extra_context)
                return answer

    def _once_more(
        self: Any, shown: Callable[..., HttpResponse], request: HttpRequest, *told: Any
    ) -> HttpResponse:
        """Somebody saved the same in the same moment. Asked anew, the form finds it and says so, at its field if it can."""
        try:
            return shown(request, *told)
        except IntegrityError as error:
            said = as_refusal(error, {})
            if said is None:
                raise
            messages.warning(request, " ".join(said.messages))
            return HttpResponseRedirect(request.path)

    def _saved_since(self: Any, request: HttpRequest, object_id: str) -> Model | None:
        """The entry, where it is not as the page said that it showed it; None where it is, or where the page says nothing.

        From here on it is locked: two who save at once are judged one after the other.
        """
        record = self.get_object(request, unquote(object_id)) if SEEN in request.POST else None
        if record is None:
            return None
        list(self.model._base_manager.select_for_update(no_key=True).filter(pk=record.pk).values_list("pk"))
        record.refresh_from_db()
        is_same = constant_time_compare(request.POST[SEEN], self.seen_of(request, record))
        return None if is_same else record

    def seen_of(self: Any, request: HttpRequest, record: Model) -> str:
        """A digest of what this person's form changes: the entry's fields and its rows. A query for each table of rows."""
        form = self.get_form(request, record, change=True)
        names = [name for name, field in form.base_fields.items() if not field.disabled]
        told = [repr(sorted((name, _plain(value)) for name, value in model_to_dict(record, names).items()))]
        for inline in self.get_inline_instances(request, record):
            if inline.has_change_permission(request, record):
                key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
                rows = inline.get_queryset(request).filter(**{key.name: record}).order_by("pk")
                told += [repr(row) for row in rows.values_list("pk", *inline.fields)]
        return salted_hmac("entry", "\n".join(told)).hexdigest()

    def render_change_form(self: Any, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With how the entry is that the page shows."""
        record = kwargs.get("obj")
        if self.is_plain and record is not None and kwargs.get("change"):
            context["seen"] = self.seen_of(request, record)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]  # as above


def _plain(value: Any) -> object:
    """The keys of related records, which come as a list of them."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted(str(getattr(each, "pk", each)) for each in value)
    return str(value)
