"""The one place where a batch goes from one state to another: along its table of transitions, or not at all."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.clock import database_now
from core.refusals import refusal
from intake.models import Batch
from intake.models.batch import BatchState


def check_way(batch: Batch, state: BatchState) -> None:
    """Refuse a step that the table does not have. Raises ValidationError `wrong_state`."""
    if not batch.may_become(state):
        raise wrong_state(batch)


def wrong_state(batch: Batch) -> ValidationError:
    """That what was asked for is not done with a batch in its state."""
    words = _("This batch is %(state)s now. Reload the page and look what can be done with it.")
    return refusal(words % {"state": batch.get_state_display()}, code="wrong_state")


def step(batch: Batch, state: BatchState) -> dict[str, Any]:
    """The columns that the step changes, for a statement of the caller. The clock's query; refuses as `check_way`."""
    check_way(batch, state)
    return {"state": state, "state_since": database_now()}


def move(batch: Batch, state: BatchState) -> None:
    """Take the step; the caller, who holds the lock, saves the batch. As `step` otherwise."""
    for name, value in step(batch, state).items():
        setattr(batch, name, value)
