"""What is wrong with a cell, in words that say what to write instead. None of them repeats what stood there."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_TEXTS: Mapping[str, Promise] = {
    "invisible": _("This cell holds invisible characters. Type it anew instead of pasting it."),
    "formula_without_result": _(
        "This cell holds a formula whose result is not stored. Open the file in a spreadsheet program, save it, "
        "and send it again."
    ),
    "merged_cell": _(
        "This cell is merged with another one. Unmerge the cells and write in each row what belongs to it."
    ),
    "cell_error": _(
        "The spreadsheet shows an error here, so this is taken as not known. Mend the formula if it is known."
    ),
    "too_long": _(
        "This text is too long. Shorten it: names to 200 characters, references to 80, other texts to 2,000."
    ),
    "name_without_letters": _("A name has letters. Check that the right column is read as the name."),
    "digits_lost": _(
        "The spreadsheet has rounded this number. Format the column as text, type the number again, and send the file again."
    ),
    "registration_number": _("This is no registration number. Compare it with the card, such as 7K2M-QX4D."),
    "phone_too_long": _("Write one telephone number here, of at most 30 characters."),
    "document_number": _(
        "A document number has five to 40 letters and digits. Write series and number, or leave the cell empty."
    ),
    "phone_digits": _("A telephone number has 5 to 16 digits. Check it, or leave the cell empty."),
}
_TIMES: Mapping[str, Promise] = {
    "date": _("This is not read as a date. Write it as 1980-05-03 or 03.05.1980."),
    "date_order": _(
        "Day and month could be exchanged here. Say for the whole file which comes first, or write dates as 1980-05-03."
    ),
    "date_serial": _(
        "This is a number, and was taken for a spreadsheet's count of days. "
        "Format the column as dates, or check the dates here."
    ),
    "day_needed": _("Write the whole date, with day, month and year, such as 2024-08-06."),
    "no_such_day": _("This day is not in the calendar. Check day and month."),
    "year_two_digits": _("Write the year with four digits, such as 1980."),
    "year_too_early": _("This year is before 1900. Check the year."),
    "time": _("This is not read as a time of day. Write it as 14:30."),
    "hour_of_clock_change": _(
        "The clocks were changed in this hour. Add the difference to universal time, such as 2024-10-27 03:30+02:00."
    ),
}
_NUMBERS: Mapping[str, Promise] = {
    "count": _("Write a whole number in digits here, or leave the cell empty where it is not known."),
    "count_decimal": _("People and things are counted in whole numbers. Write the number without decimals."),
    "count_dots": _(
        "A point divides decimals from whole numbers. Write thousands without it, such as 12000."
    ),
    "count_negative": _("This number cannot be below zero. Write how many there are."),
    "count_too_large": _(
        "This number is too large. Check that the right column is read, and count the zeros."
    ),
    "not_a_number": _(
        "This is no number that can be counted. Write it in digits, or leave the cell empty where it is not known."
    ),
    "number": _(
        "Write a number in digits here, such as 12.5, or leave the cell empty where it is not known."
    ),
    "range_reversed": _("The lower number comes first in a range, such as 180-200."),
    "age": _("Write the age in completed years, or with a unit, such as 3 months."),
    "age_too_high": _(
        "Nobody is older than 120 years. Check the age, or write the year of birth as the birth date."
    ),
}
_WORDS: Mapping[str, Promise] = {
    "age_band_word": _("Write an age, or one of the age bands 0-4, 5-11, 12-17, 18-59, 60+."),
    "sex_word": _("Write female, male or other here, or leave the cell empty."),
    "relationship_word": _(
        "Write the relationship to the head of the household, such as head, partner, child, parent or sibling."
    ),
    "yes_no_word": _("Write yes or no here, or leave the cell empty where it is not known."),
    "document_kind_word": _(
        "Write the kind of document: passport, travel passport, id card, birth certificate, tax number or other."
    ),
    "country_word": _("Write the country as two letters, such as UA or RU."),
    "language_word": _("Write the language as a code of two letters, such as uk or ru."),
    "movement_word": _("Write what happened: left, in transit, arrived, moved on, abroad, returned or died."),
    "place_word": _("Write the kind of place: shelter, relatives, rented, own home, hospital or unknown."),
    "means_word": _("Write organised, own or unknown here."),
    "cause_word": _(
        "Write hostilities, evacuation order, house destroyed, lack of services or unknown here."
    ),
    "need_word": _(
        "Write needs by their codes, such as DS-PS, or by their names, and divide them by commas."
    ),
    "outcome_word": _("Write killed, injured, hospitalised, missing or died later here."),
    "incident_cause_word": _(
        "Write what hurt people, such as artillery, missile, air strike, drone, small arms or mine."
    ),
    "incident_place_word": _(
        "Write the kind of place, such as home, street, vehicle, shelter, school, work or market."
    ),
    "civilian_status_word": _(
        "Write civilian, aid worker, health worker, journalist, combatant or unknown here."
    ),
    "victim_sex_word": _("Write female, male or unknown here."),
    "victim_age_word": _("Write adult, child or unknown here."),
    "site_type_word": _(
        "Write the type of site, such as school, dormitory, sanatorium, sports hall, tents or other."
    ),
    "phase_word": _("Write planned, announced, standby, open, full, closed or damaged here."),
    "indicator_word": _(
        "Write what is counted, such as evacuated, sheltered, killed, injured or sites_open."
    ),
    "claim_kind_word": _(
        "Write stock (at a moment), flow (over a period) or cumulative (since a start) here."
    ),
    "claim_unit_word": _("Write individuals, households, requests, sites, places or settlements here."),
    "claim_qualifier_word": _("Write exact, about, at least, more than, up to, less than or range here."),
    "source_type_word": _(
        "Write who the source is, such as governor, ministry, municipality, NGO, Red Cross, UN or media."
    ),
}
#: A sentence for every code that a reader may raise.
SENTENCES: Mapping[str, Promise] = {**_TEXTS, **_TIMES, **_NUMBERS, **_WORDS}
