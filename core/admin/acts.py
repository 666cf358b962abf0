"""Acts: a record's page only shows; whatever changes it is a named act with a small page of its own.

An act's form has the words and the fields, and makes one call of the same action that the API calls. What the action refuses
lands at the fields that it names, with everything that was typed still there.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, models, transaction
from django.forms import formset_factory
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected

from core.admin.fields import RecordField
from core.veils import unveiled

Words = str | Promise
#: More rows than a page can show well; longer lists come in as files.
MOST_ROWS = 40


#: What is said of a table that was not sent as its page has it.
_NOT_AS_SHOWN = {
    "missing_management_form": _("This table was not sent whole. Reload the page and fill it in again."),
    "too_many_forms": _(
        "A page takes at most %d rows. Send the first of them, or send all of them in as a list."
    )
    % MOST_ROWS,
}
#: What is said to one of two who acted on the same records in the same moment.
_MET = _(
    "Somebody worked on the same records in the same moment, and their work was saved first. Press the button again."
)


@dataclass(frozen=True, slots=True)
class RowsOf:
    """A table of a page: one small form per row, with some blank rows to begin with."""

    form: type[forms.Form]
    heading: Words
    another: Words
    explanation: Words = ""
    extra: int = 1
    is_folded: bool = False


def _rows_of(table: RowsOf) -> Any:
    """Its formset, which draws no more rows than a page has, however many are said to be sent."""
    most = MOST_ROWS
    return formset_factory(table.form, extra=table.extra, max_num=most, absolute_max=most, validate_max=True)


class ActForm(forms.Form):
    """One act's page. `record` is what it is done to, None where it makes the first one."""

    #: One sentence above the form that says what the act does.
    explanation: Words = ""
    #: What the page says when it is done.
    done: Words = _("Saved.")
    #: The page's template, for an act that is asked about in more than fields.
    page: ClassVar[str] = "admin/act.html"
    #: The template of what the act has found, for one that answers with a page instead of going on to the record.
    answer_page: ClassVar[str] = ""
    #: Whether `perform` is one transaction here; an act that leaves a trace where it refuses makes its own.
    is_one_transaction: ClassVar[bool] = True
    #: Tables below the fields, by the name under which the action speaks of their rows (`people.0.birth_date`).
    tables: ClassVar[Mapping[str, "RowsOf"]] = {}
    #: Headings and their fields; all fields under one heading-less set by default.
    fieldsets: ClassVar[Any] = ()

    error_css_class = "errors"
    required_css_class = "required"

    def __init__(
        self, *args: Any, desk: Any, request: HttpRequest, record: Any = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.desk, self.request, self.record = desk, request, record
        self.by: Any = request.user  # pages of the desk are for signed-in people only
        self.conflicts: list[tuple[str, str]] = []
        for field in self.fields.values():
            if isinstance(field, RecordField):
                self._offer(field)
        self.rows = {
            name: _rows_of(table)(self._sent(), prefix=name, error_messages=_NOT_AS_SHOWN)
            for name, table in self.tables.items()
        }

    def _sent(self) -> Any:
        """What was sent, or None where the page is only opened."""
        return self.data if self.is_bound else None

    def _offer(self, field: RecordField) -> None:
        model = field.relation.related_model
        assert isinstance(model, type)
        theirs = self.desk.admin_site.get_model_admin(model)
        records = theirs.get_queryset(self.request)
        if field.action != "view":
            records = theirs.within_reach(records, self.request, field.action)
        may_add = field.is_addable and theirs.has_add_permission(self.request)
        field.offer(records, theirs, may_add=may_add)

    def is_valid(self) -> bool:
        """Whether the fields and every row that was filled in can be understood."""
        rows_are_valid = [rows.is_valid() for rows in self.rows.values()] if self.is_bound else []
        return super().is_valid() and all(rows_are_valid)

    @property
    def is_fine(self) -> bool:
        """Whether nothing is marked, in the fields or in any row."""
        return not self.errors and all(
            not rows.non_form_errors() and not any(rows.errors) for rows in self.rows.values()
        )

    def told(self, name: str) -> list[Any]:
        """The forms of the table's rows that were filled in, in their order; blank rows say nothing."""
        return [row for row in self.rows[name].forms if row.has_changed()]

    def perform(self) -> models.Model:
        """Do it: one domain call. Returns the record to show next; raises ValidationError where it is refused."""
        raise NotImplementedError

    def attempt(self) -> models.Model | None:
        """Do it, or put the refusal where it belongs and return None. Nothing is half-saved either way."""
        try:
            with transaction.atomic() if self.is_one_transaction else nullcontext():
                return self.perform()
        except ValidationError as refusal:
            self.land(refusal)
        except OperationalError as failure:
            if not isinstance(failure.__cause__, DeadlockDetected):
                raise
            # PostgreSQL ends one of two acts that wait for each other, and takes back all of it.
            self.add_error(None, ValidationError(_MET, code="met"))
        except PermissionDenied as refusal:
            sentence = str(refusal) or _("You may not do this. Ask the administrator of your organisation.")
            self.add_error(None, ValidationError(sentence, code="permission_denied"))
        return None

    def land(self, refusal: ValidationError) -> None:
        """Put each sentence at its field; what names no field of this page stands above the form."""
        named = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
        for name, errors in named.items():
            for error in errors:
                if error.code == "version_conflict":
                    self._show_newer()
                self._land_one(name, error)

    def _land_one(self, name: str | None, error: ValidationError) -> None:
        table, _dot, rest = (name or "").partition(".")
        place, _dot, field = rest.partition(".")
        if table in self.tables and place.isdigit() and int(place) < len(self.told(table)):
            row = self.told(table)[int(place)]
            row.add_error(field if field in row.fields else None, error)
            if not self.errors:
                self.add_error(None, _("Nothing was saved yet. Correct what is marked below and save again."))
            return
        self.add_error(name if name in self.fields else None, error)

    def _show_newer(self) -> None:
        """Keep what was typed, show what has been stored meanwhile, and let the next try build on that."""
        self.record.refresh_from_db()
        if "version" in self.fields:
            sent: Any = self.data
            sent = sent.copy()
            sent[self.add_prefix("version")] = str(self.record.version)
            self.data = sent
        for name in self.fields:
            if name == "version" or not hasattr(self.record, name) or name not in self.cleaned_data:
                continue
            stored, typed = getattr(self.record, name), self.cleaned_data[name]
            if (unveiled(stored) or None) != (typed or None):
                words = self.stored_words(name, stored) or str(_("nothing"))
                self.conflicts.append((str(self.fields[name].label or name), words))

    def stored_words(self, name: str, stored: object) -> str:
        """How a stored value is shown beside what was typed; empty where there is none."""
        return str(stored or "")

    def laid_out_tables(self) -> list[tuple["RowsOf", Any]]:
        """The tables with their rows."""
        return [(self.tables[name], rows) for name, rows in self.rows.items()]

    def _present(self, lines: Sequence[Any]) -> list[Any]:
        """The lines of a fieldset without fields that this person is not asked for."""
        kept = [
            line if isinstance(line, str) else tuple(f for f in line if f in self.fields) for line in lines
        ]
        return [line for line in kept if line and (not isinstance(line, str) or line in self.fields)]

    def laid_out(self) -> AdminForm:
        """The form as Django's own pages lay theirs out."""
        visible = [name for name, field in self.fields.items() if not field.widget.is_hidden]
        sets = [
            (heading, {**options, "fields": self._present(options["fields"])})
            for heading, options in self.fieldsets
        ]
        sets = [(heading, options) for heading, options in sets if options["fields"]]
        form: Any = self  # Django needs no more of it than any form has
        return AdminForm(form, sets or [(None, {"fields": visible})], {}, (), model_admin=self.desk)


@dataclass(frozen=True, slots=True)
class Act:
    """An act as a record's page offers it. `action` is the policy's word for it, `is_open` whether the state allows it."""

    name: str
    label: Words
    action: str
    form: type[ActForm]
    is_open: Callable[[Any], bool] = lambda _record: True
    is_grave: bool = False
    #: Whether its few fields and its button stand on the record's page itself.
    is_asked_there: bool = False
    #: Why the person (second) may not do it with the record although their role could, in a sentence that stands in the
    #: button's place; empty where they may. A page asks this only of an act that is open.
    withheld: Callable[[Any, Any], str] = lambda _record, _person: ""


_OFFERED: dict[str, list[Act]] = {}


def offer(resource: str, act: Act) -> None:
    """Let pages of a kind of record (`app.model`) offer an act of a package above theirs, after their own."""
    _OFFERED.setdefault(resource, []).append(act)


def offered(resource: str) -> tuple[Act, ...]:
    """The acts that packages above offer on pages of this kind of record."""
    return tuple(_OFFERED.get(resource, ()))
