"""The refused rows as a file, for the desk and for the API alike."""

import re
from pathlib import PurePath

from django.http import StreamingHttpResponse

from accounts.models import User
from intake.actions import batches
from intake.models import Batch

_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def refused_file(batch: Batch, by: User) -> StreamingHttpResponse:
    """A CSV with the rows that were not taken and what to mend in each, sent as it is written; nobody keeps a copy.

    Raises as `batches.refused_csv`.
    """
    stem = _PLAIN.sub("-", PurePath(batch.name).stem).strip("-.") or "list"
    answer = StreamingHttpResponse(
        (line.encode() for line in batches.refused_csv(batch=batch, by=by)),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="{stem[:60]}-refused.csv"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
