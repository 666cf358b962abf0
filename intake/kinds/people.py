"""People and households: one row for each person, or for each household that is only counted."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.acting import organisation_for
from accounts.models import User
from core.registration import format_number
from displacement.models import Household, Person
from displacement.models.consent import Purpose
from intake.kinds.kind import Checking, Chunk, Kind, Pair, Row, Span
from intake.kinds.people_checking import check_rows
from intake.kinds.people_documents import write_documents
from intake.kinds.people_fields import FIELDS
from intake.kinds.people_matching import likely_pairs, match_register, match_within
from intake.kinds.people_naming import name_counted
from intake.kinds.people_reading import PersonReader, give_keys
from intake.kinds.people_writing import Writer
from intake.models import Batch, StagedRow
from intake.models.staging import Severity
from intake.values import Reading
from regions.models import Region


class People(Kind):
    """One row for each person; rows with one household number are one household.

    A row without a name and with numbers of people is a household that is only counted. A named list whose household number is
    that of a counted household of the same organisation names its people.
    """

    name = "people"
    label = _("People and households")
    permission = ("displacement.household", "add")
    record = Person
    parent = Household
    places = ("household__registered_in",)
    group_slot = "household"
    shared = (
        *("registered_in", "registered_on", "phone", "language", "origin", "people"),
        *(f"consent_{purpose.value}" for purpose in Purpose),
    )
    inherited = ("registered_in", "registered_on", "origin")
    is_set_wise = True
    fields = FIELDS
    derived = ("born", "precision", "counted")
    sentences = {
        "nobody": _("Write at least one name here, or how many people there are."),
        "named_and_counted": _("Name a person, or count people by sex and age: one row cannot do both."),
        "counts_differ": _(
            "The number of people given does not agree with the people listed. Check who is missing."
        ),
        "too_many": _("More than 99 people are no household. Register them as several households."),
        "household_too_large": _("More than 200 rows have this household number. Check the column."),
        "birth_in_future": _("This birth date is in the future. Check the year."),
        "too_old": _(
            "This birth date makes the person older than 120 years. Check the year, or give the age."
        ),
        "birth_and_age": _("Birth date and age do not agree; the birth date is taken. Check both."),
        "in_future": _("This day has not come yet. Give the day on which it happened."),
        "before_birth": _("This is before the person was born. Check both dates."),
        "arrived_before_left": _("The arrival is before the departure. Check both dates."),
        "origin_unknown": _(
            "Without a home region the journey is not counted. Add the region that they left."
        ),
        "unknown_need": _(
            "This need is not in the list of this register. Choose one from the list of needs."
        ),
        "household_disagrees": _("The first row of this household says otherwise, and is taken. Check both."),
        "double_in_household": _(
            "The same person stands in this household already, in the row named beside."
        ),
        "double_in_file": _("The same person stands in this file already, in the row named beside."),
        "in_two_households": _(
            "A person of this name and birth date is in another household too, in the row named beside. "
            "Both are taken, and shown as possible duplicates."
        ),
        "reference_twice": _("This number of a person is in the file already, in the row named beside."),
        "reference_of_another": _(
            "Somebody else is registered under this number. Compare both, and correct the number or the name."
        ),
        "registered_already": _("This person is registered already and is not registered again."),
        "like_registered": _(
            "Somebody of this name and birth date is registered already. This row is taken, and shown as a possible duplicate."
        ),
        "likely_registered": _(
            "This person is probably registered already, under another spelling or with a slip. Compare both; the row is "
            "taken, and shown as a possible duplicate."
        ),
        "likely_elsewhere": _(
            "A likely match is registered by another organisation. Ask the family; the row is taken all the same."
        ),
        "likely_in_file": _(
            "This person probably stands in the list already, in the row named beside, under another spelling or with a slip."
        ),
        "household_counted": _("This household is registered already with as many people."),
        "counted_otherwise": _(
            "This household is registered already with another number of people. Compare both, and correct the register."
        ),
        "named_already": _("The people of this household are registered by name already."),
        "number_taken": _(
            "Another family is registered under this household number. This one is taken without the number."
        ),
        "person_reference": _("Somebody else is registered under this number."),
        "household_reference": _("Another household is registered under this number."),
        "out_of_reach": _(
            "Your role does not cover the region in which this row says that people are registered."
        ),
    }

    def preparer(self, batch: Batch, reading: Reading) -> Callable[[Row], None]:
        """Names, births and times of each row by itself."""
        return PersonReader(self.slots, batch).read

    def complete(self, rows: Sequence[Row]) -> None:
        """The keys under which duplicates are found; the household's telephone is one of them."""
        give_keys(rows, self.slots)

    def check(self, checking: Checking) -> None:
        """Households as a whole, doubles inside the file, and who is registered already."""
        check_rows(checking)
        match_within(checking)
        match_register(checking, None)

    def settle(self, checking: Checking, span: Span) -> list[Pair]:
        """Who of these rows has come into the register since the check; answers who may be a double of whom."""
        match_register(checking, span)
        return likely_pairs(checking, span)

    def write(self, chunk: Chunk) -> dict[str, int]:
        """People of counted households by name; then households with people, groups, movements, needs and consents."""
        named = name_counted(chunk, self.slots)
        written = Writer(self.slots, chunk).write()
        if "document_number" in chunk.batch.columns.values():
            write_documents(self.slots, chunk)
        return {**written, "people": written["people"] + named, "named": named}

    def effects(self, checking: Checking, worst: Severity) -> dict[str, int]:
        """Households, people and movements that the rows would bring. One statement."""
        s = checking.slot
        moves = f"{s('origin')} <> ''"
        arrives = f"({s('arrived_on')} <> '' OR {s('destination')} <> '')"
        statement = (
            f"SELECT count(DISTINCT s.parent_id), count(*) FILTER (WHERE {s('counted')} = ''),"
            f" coalesce(sum(nullif({s('counted')}, '')::int), 0),"
            f" count(*) FILTER (WHERE {moves} AND ({s('left_on')} <> '' OR {arrives})),"
            f" count(*) FILTER (WHERE {moves} AND {arrives})"
            " FROM intake_stagedrow s WHERE s.batch_id = %(batch)s AND s.severity <= %(worst)s AND s.known_as IS NULL"
        )
        found: tuple[Any, ...] = checking.rows(statement, {"worst": int(worst)})[0]
        households, named, counted, departures, arrivals = found
        return {"households": households, "people": named + counted, "movements": departures + arrivals}

    def check_may_write(self, batch: Batch, by: User) -> None:
        """Also the regions that rows name for themselves must be within reach. Two queries."""
        super().check_may_write(batch, by)
        slot = self.slots["registered_in"] + 1
        rows = StagedRow.objects.filter(batch=batch).exclude(**{f"value__{slot - 1}": ""})
        regions = set(rows.values_list(f"value__{slot - 1}", flat=True).distinct()) - {None}
        for region in Region.objects.filter(pk__in=[int(pk) for pk in regions]):
            organisation_for(by, *self.permission, region=region, wanted=batch.organisation)

    def named(self, ids: list[UUID]) -> list[str]:
        """Registration numbers."""
        people = Person.objects.filter(pk__in=ids).values_list("serial", flat=True)
        households = Household.objects.filter(pk__in=ids).values_list("serial", flat=True)
        return [format_number(serial) for serial in sorted([*people, *households])]
