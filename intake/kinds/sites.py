"""Which shelter a row means: by its name, in its region, as the sender may see it."""

from django.utils.translation import gettext_lazy as _

from core.names import search_key
from intake.kinds.asking import Asking, in_reach
from intake.kinds.kind import Row

#: Slots that `prepare` and `resolve` fill: the name as it is searched for, and the shelter's id.
DERIVED = ("name_key", "shelter")
SENTENCES = {
    "unknown_shelter": _(
        "No shelter of this name is in your part of the register. Check name and region, or enter the shelter first."
    ),
    "ambiguous_shelter": _("Several shelters have this name. Say in which region it is."),
}


def prepare(row: Row, slots: dict[str, int], name: str) -> None:
    """How the name is searched for, whatever its alphabet."""
    row.value[slots["name_key"]] = search_key(row.value[slots[name]])


def resolve(asking: Asking, *, region: str) -> None:
    """Find the shelter of each row where it can be only one: the name as it stands wins over one that sounds alike.

    Where the row names no region, anywhere in the sender's reach. Four statements.
    """
    name, key = (
        asking.slot("name" if "name" in asking.kind.slots else "shelter_name"),
        asking.slot("name_key"),
    )
    here = f"({region} = '' OR site.region_id = nullif({region}, '')::int) AND {in_reach('site.region_id')}"
    for alike in (f"site.name = {name}", f"site.name_key = {key} AND {key} <> ''"):
        match = f"{asking.slot('shelter')} = '' AND {alike} AND {here}"
        several = f"(SELECT count(*) FROM shelters_shelter site WHERE {alike} AND {here})"
        asking.fill("shelter", "site.id::text", "shelters_shelter site", f"{match} AND {several} = 1")
        asking.refuse("ambiguous_shelter", "name", f"{asking.slot('shelter')} = '' AND {several} > 1")
