"""Who said it: sources by name, as lists of claims and casualties name them."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from displacement.models import Source
from displacement.models.claim import SourceType
from intake.kinds.asking import Asking
from intake.kinds.kind import Field
from intake.models import Batch
from intake.values import read_choice, read_text

SOURCE = Field(
    "source",
    _("source"),
    read_text,
    words=(
        *("source", "source name", "source_name", "reported by", "said by", "who said"),
        *("источник", "кто сообщил", "по данным", "джерело", "хто повідомив", "за даними"),
    ),
    tags=("#meta+source", "#source", "#source+name", "#org+source", "#contact+source"),
)
SOURCE_TYPE = Field(
    "source_type",
    _("type of source"),
    read_choice("source_type"),
    words=("source type", "source_type", "тип источника", "вид источника", "тип джерела"),
    tags=("#meta+source+type", "#source+type", "#org+type"),
)
SENTENCES = {
    "unknown_source": _(
        "No source of this name is known here. Correct the name, or ask a publisher to add the source."
    ),
}


def refuse_unknown(asking: Asking, batch: Batch) -> None:
    """Refuse rows of sources that are not known, unless whoever sent the list may add sources. One statement."""
    user = User.objects.filter(pk=batch.in_whose_right).first()
    if user is not None and user.has_perm("displacement.add_source"):
        return
    name = asking.slot("source")
    asking.refuse(
        "unknown_source",
        "source",
        f"{name} <> '' AND NOT EXISTS (SELECT FROM displacement_source known WHERE lower(known.name) = lower({name}))",
    )


def source_of(told: dict[str, str]) -> Source | None:
    """The source of the row, made where it is new; None where the row names none. Up to two queries.

    How far a new source has proved right before cannot be judged from a list: its reliability is the lowest, F.
    """
    if not told["source"]:
        return None
    known = Source.objects.filter(name__iexact=told["source"]).order_by("pk").first()
    kind = told.get("source_type") or SourceType.ANONYMOUS
    return known or Source.objects.create(name=told["source"][:200], type=kind)
