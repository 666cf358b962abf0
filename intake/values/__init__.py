"""From a foreign cell to a value: lexical readers, which know no record and ask no database.

Each reader takes a cell and what is known of its file, and gives text that the register can hold, "" for what is not known, or
raises BadValue with a code of SENTENCES. Readings of repeating cells are remembered.
"""

from intake.values.ages import read_age, read_age_band
from intake.values.choices import (
    Reader,
    read_cause,
    read_choice,
    read_choices,
    read_country,
    read_document_kind,
    read_language,
    read_means,
    read_movement,
    read_needs,
    read_place,
    read_relationship,
    read_sex,
    read_yes_no,
)
from intake.values.dates import day_first_of, read_date, read_day, read_moment
from intake.values.numbers import read_count, read_number
from intake.values.quantities import Quantity, quantity_of, read_quantity
from intake.values.reading import BadValue, Reading
from intake.values.sentences import SENTENCES
from intake.values.text import (
    read_document,
    read_name,
    read_phone,
    read_reference,
    read_registration_number,
    read_text,
)

__all__ = [
    "SENTENCES",
    "BadValue",
    "Quantity",
    "Reader",
    "Reading",
    "day_first_of",
    "quantity_of",
    "read_age",
    "read_age_band",
    "read_cause",
    "read_choice",
    "read_choices",
    "read_count",
    "read_country",
    "read_date",
    "read_day",
    "read_document",
    "read_document_kind",
    "read_language",
    "read_means",
    "read_moment",
    "read_movement",
    "read_name",
    "read_needs",
    "read_number",
    "read_phone",
    "read_place",
    "read_quantity",
    "read_reference",
    "read_registration_number",
    "read_relationship",
    "read_sex",
    "read_text",
    "read_yes_no",
]
