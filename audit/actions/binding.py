"""The service's own chain holds the heads of all others, so that one line of it, kept elsewhere, vouches for every chain."""

from django.db import transaction

from audit import anchors
from audit.actions.record import record
from audit.models import BINDING, SERVICE, Seal
from core.actors import Actor


@transaction.atomic
def bind_chains(*, by: Actor) -> int:
    """Write the newest seal of every chain into the service's own, as an act, and answer how many. Three queries.

    Whoever cuts a chain behind it must cut the service's, too, and that shows against any head of it that somebody kept.
    Nothing is written where there is no seal at all, which every verification says.
    """
    own = Seal.objects.filter(organisation_id=SERVICE).order_by("-number").first()
    if own is None:
        return 0
    heads = anchors.heads()
    record(BINDING, own, by=by, detail={"heads": [anchor.told() for anchor in heads]})
    return len(heads)
