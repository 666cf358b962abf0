"""Text that spreadsheet programs leave alone when they open our files.

A program takes a cell for a formula by its first letter. Where the separator of lists is `;`, as in Russian and Ukrainian, it
cuts a file with commas at each `;` too, whatever is quoted, so what stands behind one begins a cell.
"""

import re

#: Where a cell may begin with what makes a formula of it, for Python and PostgreSQL alike.
_BEGIN = r"(?:^|(?<=[;\t\r\n]))(?=[=+@\t\r\n-])"
_COMPILED = re.compile(_BEGIN)
#: What needs a look at all, which nearly no name does.
_MAY_BEGIN = r"^[=+@-]|[;\t\r\n]"


def neutral(text: str) -> str:
    """The text with an apostrophe before each place that a spreadsheet could take for the beginning of a formula."""
    return _COMPILED.sub("'", text)


def neutral_in_sql(column: str) -> str:
    """The SQL of the same for a column."""
    mended = f"regexp_replace({column}, '{_BEGIN}', '''', 'g')"
    return f"CASE WHEN {column} ~ '{_MAY_BEGIN}' THEN {mended} ELSE {column} END"
