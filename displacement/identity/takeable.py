"""What a merge can take over from the merged record into the one that goes on: each thing, its words and what is blank in it.

The one list of them: the side by side page, merging, taking back, and figures as known before all go by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.db import connection, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.veils import unveiled
from displacement.models.codes import Sex

if TYPE_CHECKING:
    from displacement.models import Household, Person

#: The values of one thing as an entry keeps them: the text of each column, None where it is null.
Values = dict[str, str | None]

PERSON, HOUSEHOLD = "displacement.person", "displacement.household"


@dataclass(frozen=True, slots=True)
class Takeable:
    """One thing that a record knows, in as many columns as make sense only together."""

    name: str
    label: Promise
    columns: tuple[str, ...]
    #: The model that keeps it, as entries name it.
    model: str = PERSON
    #: Values of the first column that say nothing.
    blanks: frozenset[Any] = frozenset({"", None})
    #: Whether it is taken over without being asked for, where the survivor's is blank.
    fills_blanks: bool = True

    def holder(self, person: "Person") -> "Person | Household":
        """The row that keeps it for the person. No query where the household is loaded."""
        return person if self.model == PERSON else person.household

    def is_blank(self, person: "Person") -> bool:
        """Whether the person's record does not know it."""
        return unveiled(getattr(self.holder(person), self.columns[0])) in self.blanks

    def is_offered(self, survivor: "Person", merged: "Person") -> bool:
        """Whether there is something to take over: the merged record knows it, and the survivor does not or otherwise."""
        return not self.is_blank(merged) and self.read(self.holder(survivor)) != self.read(
            self.holder(merged)
        )

    def read(self, row: models.Model) -> Values:
        """Its values in a row, as an entry keeps them."""
        told = {column: unveiled(getattr(row, column)) for column in self.columns}
        return {column: None if value is None else str(value) for column, value in told.items()}

    def write(self, row: models.Model, values: Mapping[str, str | None]) -> None:
        """Set its values in a row; nothing is saved."""
        for column in self.columns:
            value = values[column]
            setattr(row, column, None if value is None else _field(self.model, column).to_python(value))

    def type_of(self, column: str) -> str:
        """The column's type in the database."""
        return str(_field(self.model, column).db_type(connection))


#: In the order in which two records are read side by side.
TAKEABLE: tuple[Takeable, ...] = (
    Takeable("family_name", _("Family name"), ("family_name",)),
    Takeable("given_name", _("Given name"), ("given_name",)),
    Takeable("patronymic", _("Patronymic"), ("patronymic",)),
    Takeable("sex", _("Sex"), ("sex",), blanks=frozenset({Sex.NOT_COLLECTED, Sex.NOT_ANSWERED})),
    Takeable("birth_date", _("Birth date"), ("birth_date", "birth_precision")),
    # It is the household's, and whoever left one may not want to be reached: only a person says that it is theirs.
    Takeable("phone", _("Telephone"), ("phone",), HOUSEHOLD, fills_blanks=False),
)
BY_NAME: Mapping[str, Takeable] = {each.name: each for each in TAKEABLE}


def _field(model: str, column: str) -> "models.Field[Any, Any]":
    return cast("models.Field[Any, Any]", apps.get_model(model)._meta.get_field(column))
