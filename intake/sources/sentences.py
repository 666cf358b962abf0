"""What is wrong with a file or a row, in words that say what to do. None of them repeats what stood there."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import refusal

#: Why a file is not read at all.
_FILES: Mapping[str, Promise] = {
    "file_empty": _("This file is empty. Check that you sent the right one."),
    "file_too_large": _("This file is too large. Send the list in several files."),
    "not_a_table": _("This file is no table. Send a CSV or an XLSX file."),
    "format_unknown": _("This format is not known. Choose one of those offered, or leave the choice to us."),
    "ods": _(
        "OpenDocument files are not read. Open it in the spreadsheet program, save it as .xlsx, and send that."
    ),
    "xls": _(
        "Old .xls files are not read. Open it in the spreadsheet program, save it as .xlsx, and send that."
    ),
    "xlsb": _(
        "Binary .xlsb files are not read. Open it in the spreadsheet program, save it as .xlsx, and send that."
    ),
    "web_page": _(
        "This is a web page named as a table. Open it in the spreadsheet program, save it as .xlsx, and send that."
    ),
    "encrypted": _(
        "This workbook is protected by a password. Save it without one, and send it over a safe way."
    ),
    "not_utf8": _(
        "The letters of this file cannot be told for certain, and names would be spoiled. In the spreadsheet program choose "
        "Save as, CSV UTF-8, or save as .xlsx; or say which encoding it has, such as windows-1251."
    ),
    "encoding_unknown": _(
        "This encoding is not known. Save the file as CSV UTF-8, and leave the encoding empty."
    ),
    "delimiter_unknown": _(
        "This delimiter is not known. Choose comma, semicolon, tab or vertical bar, or leave it empty."
    ),
    "header_missing": _(
        "The row that says what each column holds is missing. Insert it above the first row, and send the file again."
    ),
    "header_only": _("This file has a header and no rows below it. Check that you sent the right one."),
    "too_many_rows": _(
        "This file has too many rows. Send the list in several files of at most 1,000,000 rows."
    ),
    "too_many_columns": _(
        "This file has too many columns. Keep those that say something about the people or things listed."
    ),
    "quotes_everywhere": _(
        "Quotation marks in this file are not closed. Save it as .xlsx, or as CSV from a spreadsheet program."
    ),
    "json_broken": _(
        "This JSON file cannot be read, or can be read in two ways. Export the submissions again, and send the file unchanged."
    ),
    "not_submissions": _(
        "This JSON file holds no list of submissions. Export the form's data from Kobo or ODK as JSON, and send that."
    ),
    "not_pfif": _(
        "This XML file is not in the People Finder Interchange Format. Export it again as PFIF 1.4, or send a table."
    ),
    "sheet_unknown": _(
        "This workbook has no sheet of that name. Check the name, or leave it empty for the first sheet."
    ),
    "sheet_missing": _("This workbook has no sheet with a table. Check that you sent the right one."),
    "workbook_broken": _(
        "This workbook cannot be read. Open it in a spreadsheet program, save it anew as .xlsx, and send that."
    ),
    "workbook_too_large": _(
        "This workbook unpacks to more than a list needs. Copy the rows of the list into a new workbook, and send that."
    ),
    "sheet_with_gap": _(
        "Something stands far below the list in this sheet. Delete the empty rows and what is below them, and send it again."
    ),
}
#: Why one row is refused as it was read.
_ROWS: Mapping[str, Promise] = {
    "ragged": _("This row has more or fewer cells than the header. Move the cells under their headers."),
    "quotes": _(
        "A quotation mark in this row is not closed, or stands inside a cell. Remove it, or write it twice."
    ),
    "broken_text": _(
        "Letters of this row were damaged when the file was saved. Write the row anew, and save as CSV UTF-8."
    ),
    "invisible": _("This row holds invisible characters. Type the cells anew instead of pasting them."),
    "line_too_long": _("This row is too long for a list. Check where it ends."),
    "cell_too_long": _("A cell of this row holds more than a list needs. Shorten it."),
    "pfif_sought": _(
        "This person is being looked for, which is no registration. Enter a tracing request instead."
    ),
    "pfif_believed_dead": _(
        "This person is believed to be dead. Hand the record to the desk for casualties."
    ),
    "pfif_expired": _(
        "The source asked to delete this record by a day that has passed. Delete it, and ask for a new one."
    ),
}
#: What a person should know about a file that was read.
_NOTICES: Mapping[str, Promise] = {
    "encoding_declared": _(
        "The file was read with the encoding that you named. Check that names look right."
    ),
    "read_as_utf16": _("The file was read as UTF-16. Check that names look right."),
    "rows_above_header": _("Rows above the header were left out."),
    "column_without_header": _("A column without a header is called by its letter, such as (column C)."),
    "header_doubled": _("Two columns have one header. The later ones are numbered, such as Name (2)."),
    "header_repeated": _("The header stands again further down; those rows were left out."),
    "numbering_left_out": _("The row that numbers the columns was left out."),
    "footnotes_left_out": _("Notes below the table were left out."),
    "first_sheet_read": _(
        "The workbook has several sheets; the first visible one was read. Name another one to read that."
    ),
    "day_first_found": _(
        "Dates with slashes were read with the day first, as some of them show. Say so if that is wrong."
    ),
    "month_first_found": _(
        "Dates with slashes were read with the month first, as some of them show. Say so if that is wrong."
    ),
    "submissions_edited": _("Some submissions were edited later; only their latest versions were read."),
    "macros_ignored": _("The workbook contains macros. They were not run; only cells were read."),
}
#: A sentence for every code about a file, a row as read, and a notice.
SENTENCES: Mapping[str, Promise] = {**_FILES, **_ROWS, **_NOTICES}


def refused(code: str) -> ValidationError:
    """The refusal of a whole file."""
    return refusal(str(_FILES[code]), code=code, field="file")
