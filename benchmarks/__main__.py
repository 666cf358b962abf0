"""`make bench`: what is timed, against which limit, as ratios of two things timed in one run. It fails nothing.

Each module yields lines `name  ratio  (bar)  n`. Name modules to run only those: `python -m benchmarks figures`.
"""

import importlib
import os
import sys

import django

MODULES = (
    "intake",
    "intake_batches",
    "audit",
    "changes",
    "figures",
    "editions",
    "lists",
    "creates",
    "rows",
    "export",
    "identity",
    "mail",
)


def main(names: list[str]) -> None:
    """Print the lines of the named benchmarks, or of all, as they come."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.embedded.commands import servers_for_command  # noqa: PLC0415 - see below

    with servers_for_command(["manage.py", "bench"]):
        django.setup()
        for name in names or MODULES:
            for line in importlib.import_module(f"benchmarks.{name}").lines():
                print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
