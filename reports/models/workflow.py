"""From draft to published and beyond: the one table of what may be done with an edition, and by whom.

Actions, the desk and the generated page of reference ask it; nothing else decides what follows what.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.models.edition import EditionStatus


class EditionAct(models.TextChoices):
    """What people do with an edition."""

    EDIT = "edit", _("edit the highlights")
    SUBMIT = "submit", _("send to review")
    SEND_BACK = "send_back", _("send back")
    APPROVE = "approve", _("approve")
    PUBLISH = "publish", _("publish")
    CORRECT = "correct", _("publish an erratum")
    WITHDRAW = "withdraw", _("withdraw")


class Who(models.TextChoices):
    """Who of those that the policy lets may do it."""

    ANYBODY = "anybody", _("whoever has the permission")
    ANOTHER = "another", _("nobody who wrote in it")
    AUTOMATIC = "automatic", _("only where reports are published without review")


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: in this state this act leads to that state. `permission` is the policy's word for `reports.edition`."""

    state: EditionStatus
    act: EditionAct
    next: EditionStatus
    permission: str
    who: Who = Who.ANYBODY


_S, _A = EditionStatus, EditionAct

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_S.DRAFT, _A.EDIT, _S.DRAFT, "change"),
    Transition(_S.DRAFT, _A.SUBMIT, _S.IN_REVIEW, "change"),
    Transition(_S.DRAFT, _A.PUBLISH, _S.PUBLISHED, "publish", Who.AUTOMATIC),
    Transition(_S.DRAFT, _A.WITHDRAW, _S.WITHDRAWN, "publish"),
    Transition(_S.IN_REVIEW, _A.EDIT, _S.IN_REVIEW, "change"),
    Transition(_S.IN_REVIEW, _A.SEND_BACK, _S.DRAFT, "publish"),
    Transition(_S.IN_REVIEW, _A.APPROVE, _S.APPROVED, "publish", Who.ANOTHER),
    Transition(_S.IN_REVIEW, _A.WITHDRAW, _S.WITHDRAWN, "publish"),
    Transition(_S.APPROVED, _A.SEND_BACK, _S.DRAFT, "publish"),
    Transition(_S.APPROVED, _A.PUBLISH, _S.PUBLISHED, "publish"),
    Transition(_S.APPROVED, _A.WITHDRAW, _S.WITHDRAWN, "publish"),
    Transition(_S.PUBLISHED, _A.CORRECT, _S.CORRECTED, "publish"),
    Transition(_S.PUBLISHED, _A.WITHDRAW, _S.WITHDRAWN, "publish"),
    Transition(_S.CORRECTED, _A.CORRECT, _S.CORRECTED, "publish"),
    Transition(_S.CORRECTED, _A.WITHDRAW, _S.WITHDRAWN, "publish"),
)


def transition(state: str, act: EditionAct) -> Transition | None:
    """The row of the table, or None where the act is not open in the state."""
    return next((row for row in TRANSITIONS if row.state == state and row.act == act), None)
