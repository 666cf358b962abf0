"""The one register of flags: each has a stable code, which is the name of its function, and never changes its meaning."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from reports.figures.figure import Basis, Figure
from reports.flags.material import Material

_DIGITS = 16  # of a fingerprint: enough to tell the contents of one flag apart


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that a flag warns of.

    `subject` says in codes what it is about; `content` is a fingerprint of the numbers and of who said them, the same in every
    language and from day to day, until one of them changes.
    """

    text: str
    subject: str
    content: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A doubt with the code of the flag that raised it."""

    code: str
    doubt: Doubt


Flag = Callable[[Material], Iterator[Doubt]]
FLAGS: dict[str, Flag] = {}


def flag(check: Flag) -> Flag:
    """Register a flag under the name of its function, which is its code."""
    FLAGS[check.__name__] = check
    return check


def doubt(text: str, *figures: Figure, subject: str = "", numbers: tuple[int, ...] = ()) -> Doubt:
    """A doubt about the first of the figures, or about the subject named; its content are all figures and numbers."""
    parts = [(*figure.key, figure.value, figure.value_min, figure.value_max) for figure in figures]
    content = sha256(repr((parts, numbers)).encode()).hexdigest()[:_DIGITS]
    return Doubt(text, subject or _about(figures[0]), content)


def _about(figure: Figure) -> str:
    """The figure in codes; a claim without its source, which belongs to the content."""
    basis = "" if figure.basis is Basis.CLAIMED else f" {figure.basis}"
    return f"{figure.indicator} {figure.region}{basis}"


def raise_flags(material: Material) -> tuple[Raised, ...]:
    """What all flags warn of, in the order in which the flags are declared, each sentence once."""
    found: dict[str, Raised] = {}
    for code, check in FLAGS.items():
        for each in check(material):
            found.setdefault(each.text, Raised(code, each))
    return tuple(found.values())
