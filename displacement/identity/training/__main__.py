"""Train the weights anew on an invented register: `python -m displacement.identity.training [--people N] [--seed S]`.

Writes displacement/identity/weights.json, which is read over and committed like code. The same seed gives the same file.
"""

import argparse
import json
import platform
import sys
from importlib.metadata import version
from typing import Any

from displacement.identity.identity import features_of
from displacement.identity.levels import COMPARISONS
from displacement.identity.training.register import records
from displacement.identity.training.relatives import Relatives, relatives
from displacement.identity.training.train import trained
from displacement.identity.weights import FILE, Share

#: Assumed, not trained: one registration in so many is of somebody who is there already.
REPEATED = 0.1
VERSION = "1"


def main() -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    register = list(records(asked.people, seed=asked.seed))
    people = [features_of(record.identity) for record in register]
    kin = relatives(register, people)
    shares = trained(people, seed=asked.seed)
    FILE.write_text(as_json(shares, kin, people=asked.people, seed=asked.seed), encoding="utf-8")
    sys.stdout.write(f"{FILE.name} is written: read what changed before you commit it.\n")


def as_json(shares: dict[str, dict[str, Share]], kin: Relatives, *, people: int, seed: int) -> str:
    """The file of weights, with four digits of each share and a note of how it came about."""
    written: dict[str, Any] = {
        "version": VERSION,
        "trained": {
            "register": f"invented, {people} registrations",
            "seed": seed,
            "splink": version("splink"),
            "duckdb": version("duckdb"),
            "python": ".".join(platform.python_version_tuple()[:2]),
        },
        "people": people,
        "prior": _digits(2 * REPEATED / people),
        "relatives": _digits(kin.pairs / people),
        "comparisons": [
            {
                "name": c.name,
                "levels": [_level(name, shares[c.name][name], kin.shares[c.name][name]) for name in c.levels],
            }
            for c in COMPARISONS
        ],
    }
    return json.dumps(written, indent=1) + "\n"


def _level(name: str, share: Share, kin: float) -> dict[str, Any]:
    return {"name": name, "m": _digits(share.m), "u": _digits(share.u), "r": _digits(kin)}


def _digits(share: float) -> float:
    return float(f"{share:.4g}")


if __name__ == "__main__":
    main()
