"""What an export may hold: each column with its words, its HXL tag, and the SQL that reads it. Nothing else leaves by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.registration import number_in_sql
from core.spreadsheets import neutral_in_sql


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `reads` is what of the register it tells (`app.model.column`), which who asks must see.

    With an empty `sql` it is read row by row by the application itself: roster.exporting.opened.
    """

    name: str
    label: Promise
    tag: str
    reads: str
    sql: str = ""
    #: Whether people wrote it, so that it may begin like a formula.
    is_text: bool = False

    @property
    def written(self) -> str:
        """The SQL of what stands in the file."""
        return neutral_in_sql(self.sql) if self.is_text else self.sql


_PERSON, _HOUSE = "displacement.person", "displacement.household"
_ALL: Sequence[Column] = (
    Column(
        "number",
        _("registration number"),
        "#affected+id+code",
        f"{_PERSON}.serial",
        number_in_sql("p.serial"),
    ),
    Column(
        "reference",
        _("partner's number"),
        "#affected+id+partner",
        f"{_PERSON}.reference",
        "p.reference",
        is_text=True,
    ),
    Column(
        "family_name",
        _("family name"),
        "#affected+name+family",
        f"{_PERSON}.family_name",
        "p.family_name",
        is_text=True,
    ),
    Column(
        "given_name",
        _("given name"),
        "#affected+name+given",
        f"{_PERSON}.given_name",
        "p.given_name",
        is_text=True,
    ),
    Column(
        "patronymic",
        _("patronymic"),
        "#affected+name+middle",
        f"{_PERSON}.patronymic",
        "p.patronymic",
        is_text=True,
    ),
    Column("sex", _("sex"), "#affected+sex", f"{_PERSON}.sex", "p.sex"),
    Column("birth_date", _("birth date"), "#affected+date+birth", f"{_PERSON}.birth_date", "p.birth_date"),
    Column(
        "birth_precision",
        _("what of it is known"),
        "#affected+birth+precision",
        f"{_PERSON}.birth_precision",
        "p.birth_precision",
    ),
    Column(
        "relationship",
        _("relationship to head"),
        "#affected+relationship",
        f"{_PERSON}.relationship",
        "p.relationship",
    ),
    Column("household", _("household"), "#group+id+code", f"{_HOUSE}.serial", number_in_sql("h.serial")),
    Column(
        "language", _("preferred language"), "#meta+lang", f"{_HOUSE}.language", "h.language", is_text=True
    ),
    Column("phone", _("telephone"), "#contact+phone", f"{_HOUSE}.phone"),
    Column("origin", _("home region"), "#loc+origin+code", f"{_HOUSE}.origin", "o.key"),
    Column("registered_in", _("registered in"), "#loc+registered+code", f"{_HOUSE}.registered_in", "r.key"),
    Column(
        "registered_on",
        _("registered on"),
        "#date+registered",
        f"{_PERSON}.occurred_at",
        "(p.occurred_at AT TIME ZONE 'UTC')::date",
    ),
)
COLUMNS: Mapping[str, Column] = {column.name: column for column in _ALL}
#: What is ticked to begin with: enough to find somebody at a door, and no way to reach them elsewhere.
USUAL = ("number", "family_name", "given_name", "patronymic", "household")
