"""When there is something to look at in a list."""

from intake.models.batch import BatchState

#: States in which the check is done and the rows are kept.
CHECKED = (BatchState.READY, BatchState.ACCEPTING, BatchState.ACCEPTED, BatchState.UNDONE)
