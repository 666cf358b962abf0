"""Text that spreadsheet programs leave alone when they open our files.

A program takes a cell for a formula by its first letter. Where the separator of lists is `;`, as in Russian and Ukrainian, it
cuts a file with commas at each `;` too, whatever is quoted, so what stands behind one begins a cell.
"""

import re

_BEGINS = re.compile(r"(^|[;\t\r\n])(?=[=+@\t\r\n-])")
#: The same for PostgreSQL: what may need a look, which nearly nothing does, and what is replaced by what.
_MAY_BEGIN = r"'^[=+@-]|[;\t\r\n]'"
_REPLACED = r"'(^|[;\t\r\n])(?=[=+@\t\r\n-])', '\1''', 'g'"


def neutral(text: str) -> str:
    """The text with an apostrophe before each place that a spreadsheet could take for the beginning of a formula."""
    return _BEGINS.sub(r"\1'", text)


def neutral_in_sql(column: str) -> str:
    """The SQL of the same for a column."""
    return f"CASE WHEN {column} ~ {_MAY_BEGIN} THEN regexp_replace({column}, {_REPLACED}) ELSE {column} END"
