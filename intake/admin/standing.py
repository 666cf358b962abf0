"""Where a list stands, in words: its steps, what the state means, what the worker does now."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.findings import sentence
from intake.models import Batch
from intake.models.batch import BatchState
from intake.words import number, written_in_words

STEPS: tuple[str | Promise, ...] = (
    gettext_lazy("Send in"),
    gettext_lazy("Name the columns"),
    gettext_lazy("Check"),
    gettext_lazy("Look and accept"),
    gettext_lazy("In the register"),
)
#: The step at which each state is; the steps before it are done.
_PLACE = {
    BatchState.RECEIVED: 1,
    BatchState.NEEDS_MAPPING: 1,
    BatchState.STAGING: 2,
    BatchState.READY: 3,
    BatchState.ACCEPTING: 4,
    BatchState.ACCEPTED: 5,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: `done`, `now` or `ahead`."""

    label: str
    stand: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One sentence about the state, and one about what to do."""

    tone: str
    words: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker is; without a total nobody knows yet how long the list is."""

    state: str
    heading: str
    words: str
    done: int
    total: int | None


def steps_of(batch: Batch) -> list[Step]:
    """The way of a list that is still on it; nothing for one that left it."""
    place = _PLACE.get(BatchState(batch.state))
    if place is None:
        return []
    stands = ["done" if at < place else "now" if at == place else "ahead" for at in range(len(STEPS))]
    return [Step(str(label), stand) for label, stand in zip(STEPS, stands, strict=True)]


def progress_of(batch: Batch) -> Progress | None:
    """What the worker does with the list now; None where it does nothing."""
    headings = {
        BatchState.RECEIVED: _("Waiting to be read"),
        BatchState.STAGING: _("Reading and checking"),
        BatchState.ACCEPTING: _("Writing into the register"),
    }
    heading = headings.get(BatchState(batch.state))
    if heading is None:
        return None
    done = number(batch.progress)
    if batch.total and batch.progress >= batch.total and batch.state == BatchState.STAGING:
        words = _("%(done)s rows are read; they are being compared with each other and with the register.")
    elif batch.total:
        words = _("%(done)s of %(total)s rows")
    else:
        words = _("%(done)s rows so far")
    told = words % {"done": done, "total": number(batch.total or 0)}
    return Progress(batch.state, heading, told, batch.progress, batch.total)


def standing_of(batch: Batch) -> Standing | None:
    """What the state means to whoever sent the list; None where the page says it by what it shows."""
    match BatchState(batch.state):
        case BatchState.NEEDS_MAPPING:
            return Standing("warn", _("The headings do not say everything."), _("Say what the columns mean."))
        case BatchState.READY:
            return _ready(batch)
        case BatchState.ACCEPTED:
            written = written_in_words(batch.outcome)
            return Standing("good", _("Written into the register: %(written)s.") % {"written": written})
        case BatchState.UNDONE:
            words = _("What this list wrote was taken back: %(reason)s") % {"reason": batch.undo_reason}
            return Standing("warn", words, _("Mend the list and send it in again."))
        case BatchState.DISCARDED:
            return Standing("warn", _("This list was discarded. Nothing of it is in the register."))
        case BatchState.FAILED:
            words = _("This list could not be taken in.")
            if batch.written_through:
                written = written_in_words(batch.outcome)
                words = _("Only a part of this list is in the register: %(written)s.") % {"written": written}
            return Standing("bad", words, sentence(batch.failure))
    return None


def has_rows(batch: Batch) -> bool:
    """Whether a checked list has rows that could be accepted."""
    return any(batch.counts.get(name) for name in ("fine", "warned"))


def _ready(batch: Batch) -> Standing:
    if not has_rows(batch):
        return Standing(
            "bad",
            _("Every row is refused. Nothing would be written."),
            _(
                "Look at what was found: one wrong meaning of a column, or a wrong order of dates, may explain all of it."
            ),
        )
    return Standing("good", _("Checked. Nothing is in the register yet: look at it, then accept or discard."))
