"""What of a list is shown, when, and to whom."""

from accounts.models import User
from accounts.visibility import may
from intake.kinds.registry import KINDS
from intake.models import Batch
from intake.models.batch import BatchState

#: States in which there is something to look at: the check is done, and its rows are kept.
CHECKED = (BatchState.READY, BatchState.ACCEPTING, BatchState.ACCEPTED, BatchState.UNDONE)


def may_see_cells(user: User, batch: Batch) -> bool:
    """Whether what stands in the file may be shown: to those who may see the records that it becomes.

    The batch itself was looked up within the user's reach. An administrator sees that a list came and what became of it,
    and no people.
    """
    resource, _act = KINDS[batch.kind].permission
    return may(user, resource, "view")
