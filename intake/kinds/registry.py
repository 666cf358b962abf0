"""Every kind of list that is taken in. A new kind is one module and one line here."""

from collections.abc import Mapping

from intake.kinds.casualties import Casualties
from intake.kinds.claims import Claims
from intake.kinds.kind import Kind
from intake.kinds.movements import Movements
from intake.kinds.people import People
from intake.kinds.shelters import Shelters
from intake.kinds.stays import Stays

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (People(), Movements(), Shelters(), Stays(), Casualties(), Claims())
}
