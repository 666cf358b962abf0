"""Where names on the map stand: at their circle, never over another name, rather not over another circle."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

GAP = 0.03  # inches between a circle and its name
FAR = 0.16  # further out, with a thin line to the circle
FAR_COST = 0.004  # square inches of other circles that a name rather covers than go further out
TOUCH_COST = 0.003  # square inches: what it costs to touch another circle at all, however small
MOST_COVERED = 0.012  # square inches; a name that would cover more is left out
MINOR = 0.1  # inches: a smaller circle's name stays close and clear of others, or is left out


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands, and whether a line must lead to its circle."""

    box: Box
    is_far: bool = False


def find_place(
    disc: Disc, size: tuple[float, float], page: Box, names: Sequence[Box], others: Sequence[Disc]
) -> Place | None:
    """The best place for a name of this size (width, height): in its circle, beside it, or further out.

    None where each would leave the page, cover another name or too much of the other circles. `others` are all circles
    but its own.
    """
    is_minor = disc.radius < MINOR
    best: tuple[float, Place] | None = None
    for place in _candidates(disc, size):
        box = place.box
        if not box.is_inside(page) or any(box.overlap(name) for name in names):
            continue
        covered = sum(box.overlap(other.box) + TOUCH_COST for other in others if box.overlap(other.box))
        if covered > (0 if is_minor else MOST_COVERED) or (is_minor and place.is_far):
            continue
        cost = covered + (FAR_COST if place.is_far else 0)
        if best is None or cost < best[0] - 1e-9:
            best = (cost, place)
    return None if best is None else best[1]


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
