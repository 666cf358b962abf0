"""People and households: one row for each person, or for each household that is only counted."""

from django.utils.translation import gettext_lazy as _

from displacement.models import Household, Person
from intake.kinds.kind import Chunk, Field, Kind
from intake.values.dates import read_date
from intake.values.text import read_name, read_reference, read_text


class People(Kind):
    """One row for each person; rows with one household token are one household."""

    name = "people"
    label = _("People and households")
    permission = ("displacement.household", "add")
    record = Person
    parent = Household
    fields = (
        Field("household", _("household"), read_reference, words=("household", "семья", "родина")),
        Field("family_name", _("family name"), read_name, words=("family name", "фамилия", "прізвище")),
        Field("given_name", _("given name"), read_name, words=("given name", "имя", "ім'я")),
        Field("birth_date", _("birth date"), read_date, words=("birth date", "дата рождения")),
        Field(
            "origin", _("home region"), read_text, is_region=True, words=("home region", "откуда", "звідки")
        ),
    )

    def write(self, chunk: Chunk) -> dict[str, int]:
        """Write people."""
        return {"people": len(chunk.rows)}
