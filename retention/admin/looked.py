"""What a worker that looks through what waits has found, in sentences."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from retention.models import Erasure, ErasureState

_PROBLEMS = {
    "stopped": _(
        "A worker stopped several times while it looked. Nobody was erased: tell whoever operates the service."
    ),
    "half_written": _(
        "A list that is half written holds them. Try it again or take it back first, then erase."
    ),
    # A hold is one of these, of which not everybody who sees the page may know.
    "in_the_way": _(
        "Something stood in the way, and nobody was erased. Whoever presses Erase again is told what."
    ),
}


def looked_in_words(erasure: Erasure) -> str:
    """Whether a worker looks, and what came of it; a dash where none was needed."""
    if erasure.state == ErasureState.LOOKING:
        if erasure.approved_by is None:
            return gettext(
                "A worker looks through the forms and lists that wait. Reload this page in some minutes."
            )
        return gettext(
            "A worker looks through the forms and lists that wait, and erases then. Nobody is erased before all was looked "
            "through. Reload this page in some minutes."
        )
    if erasure.state != ErasureState.ASKED or not erasure.looked:
        return "-"
    if problem := _PROBLEMS.get(erasure.looked["problem"]):
        return str(problem)
    count = len([each for each in erasure.looked["open"] if f"{each[1]}:{each[2]}" not in erasure.answers])
    moment = timezone.localtime(datetime.fromisoformat(erasure.looked["at"]))
    told = {"at": date_format(moment, "DATETIME_FORMAT"), "count": count}
    if not count:
        return gettext("Looked through on %(at)s: nothing is left to be answered. Erase.") % told
    words = ngettext(
        "Looked through on %(at)s: %(count)s row or form may be theirs. Look through what waits, say whether it is, and erase.",
        "Looked through on %(at)s: %(count)s rows or forms may be theirs. Look through what waits, answer, and erase.",
        count,
    )
    return words % told
