"""Where names on the map stand: at their circle, never over another name, rather not at or over another circle.

Names are set one after the other; one that finds no place is set first the next time. A few rounds of this find a place
for nearly all of them, and the round in which the largest circles have their names is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

GAP = 0.03  # inches between a circle and its name
FAR = 0.16  # further out, with a thin line to the circle
# Costs in square inches of other circles that a name rather covers.
FAR_COST = 0.006
TOUCH_COST = 0.003  # to touch another circle at all, however small
NEAR = 0.055  # inches: closer than this, a name seems to belong to the other circle
NEAR_COST = 0.005
MOST_COVERED = 0.012  # a name that would cover more of other circles is left out
MINOR = 0.1  # inches: a smaller circle's name stays close and clear of others, or is left out
ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper, in inches."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: "Box") -> float:
        """The area that both cover, in square inches."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width * height if width > 0 and height > 0 else 0.0

    def is_inside(self, other: "Box") -> bool:
        """Whether this box lies wholly in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """The point of the box that is nearest to a place."""
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle on paper, in inches."""

    x: float
    y: float
    radius: float

    @property
    def box(self) -> Box:
        """A square of about the circle's area."""
        reach = self.radius * 0.88
        return Box(self.x - reach, self.y - reach, self.x + reach, self.y + reach)

    def distance(self, box: Box) -> float:
        """From the circle's edge to the box; below zero where they meet."""
        x, y = box.nearest(self.x, self.y)
        return hypot(x - self.x, y - self.y) - self.radius


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands, what that costs, and whether a line must lead to its circle."""

    box: Box
    cost: float = 0.0
    is_far: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A name to set: its circle and its size, width and height in inches."""

    disc: Disc
    size: tuple[float, float]


def set_names(names: Sequence[Name], page: Box) -> list[Place | None]:
    """A place for each name, in the order given; None for a name that fits nowhere."""
    choices = [places(name, page, [other.disc for other in names if other is not name]) for name in names]
    order = sorted(range(len(names)), key=lambda place: -names[place].disc.radius)
    best: list[Place | None] = [None] * len(names)
    best_score = -1.0
    for _round in range(ROUNDS):
        found = _set_in(order, choices)
        score = sum(
            names[n].disc.radius - place.cost * 5 for n, place in enumerate(found) if place is not None
        )
        if score > best_score + 1e-9:
            best, best_score = found, score
        failed = [place for place in order if found[place] is None and choices[place]]
        if not failed:
            break
        order = [*failed, *(place for place in order if place not in failed)]
    return best


def _set_in(order: Sequence[int], choices: Sequence[Sequence[Place]]) -> list[Place | None]:
    found: list[Place | None] = [None] * len(choices)
    taken: list[Box] = []
    for name in order:
        for place in choices[name]:
            if not any(place.box.overlap(box) for box in taken):
                found[name] = place
                taken.append(place.box)
                break
    return found


def places(name: Name, page: Box, others: Sequence[Disc]) -> list[Place]:
    """Where a name could stand, the cheapest first: in its circle, beside it, or further out."""
    is_minor = name.disc.radius < MINOR
    squares = [other.box for other in others]
    found = []
    for place in _candidates(name.disc, name.size):
        box = place.box
        if not box.is_inside(page) or (is_minor and place.is_far):
            continue
        covered = sum(overlap + TOUCH_COST for overlap in map(box.overlap, squares) if overlap)
        if covered > (0 if is_minor else MOST_COVERED):
            continue
        near = sum(NEAR_COST for other in others if other.distance(box) < NEAR)
        found.append(Place(box, covered + near + (FAR_COST if place.is_far else 0), place.is_far))
    return sorted(found, key=lambda place: place.cost)


def _candidates(disc: Disc, size: tuple[float, float]) -> Iterator[Place]:
    width, height = size
    if width**2 + height**2 < (2 * disc.radius) ** 2:
        yield Place(_box(disc.x - width / 2, disc.y - height / 2, size))
    for gap in (GAP, FAR):
        reach = disc.radius + gap
        slant = disc.radius * 0.71 + gap * 0.9
        for left, bottom in (
            (disc.x + reach, disc.y - height / 2),
            (disc.x - reach - width, disc.y - height / 2),
            (disc.x - width / 2, disc.y + reach),
            (disc.x - width / 2, disc.y - reach - height),
            (disc.x + slant, disc.y + slant - height / 3),
            (disc.x + slant, disc.y - slant - height * 2 / 3),
            (disc.x - slant - width, disc.y + slant - height / 3),
            (disc.x - slant - width, disc.y - slant - height * 2 / 3),
        ):
            yield Place(_box(left, bottom, size), is_far=gap > GAP)


def _box(left: float, bottom: float, size: tuple[float, float]) -> Box:
    return Box(left, bottom, left + size[0], bottom + size[1])
