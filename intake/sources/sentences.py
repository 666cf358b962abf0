"""What is wrong with a file or a row, in words. None of them repeats what stood there."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import refusal

#: Why a file is not read at all.
_FILES: Mapping[str, Promise] = {
    "file_empty": _("This file is empty. Check that you sent the right one."),
    "not_a_table": _("This file is no table. Send a CSV or an XLSX file."),
}
SENTENCES: Mapping[str, Promise] = {**_FILES}


def refused(code: str) -> ValidationError:
    """The refusal of a whole file."""
    return refusal(str(SENTENCES[code]), code=code, field="file")
