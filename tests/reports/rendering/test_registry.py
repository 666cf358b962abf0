"""The formats: the same bytes wherever they are made, quickly, and no weight on the web process."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from django.utils.translation import override

from reports.editions.report import SituationReport
from reports.rendering.encode import to_plain
from reports.rendering.mail import mail_parts
from reports.rendering.registry import FORMATS
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk

ROOT = Path(__file__).resolve().parents[3]
HEAVY = ("matplotlib", "typst", "xlsxwriter", "numpy")
MAKE_ALL = """
import json, sys
import django
django.setup()
from reports.rendering.encode import from_json
from tests.reports.rendering.test_registry import prints
print(json.dumps([prints(from_json(report)) for report in json.load(sys.stdin)]))
"""


def prints(report: SituationReport) -> dict[str, str]:
    """A fingerprint of each format and of the mail."""
    made = {name: entry.render(report) for name, entry in FORMATS.items()}
    mail = mail_parts(report)
    made["mail"] = "\n".join([mail.subject, mail.text, mail.html]).encode() + b"".join(mail.images.values())
    return {name: sha256(content).hexdigest() for name, content in made.items()}


def in_another_process(environment: dict[str, str], program: str, given: bytes = b"") -> str:
    """What a program prints that runs alone, with this environment on top of ours."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_the_same_bytes_in_any_process_zone_and_language() -> None:
    reports = [kursk(), ugly()]
    there = {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "LANG": "ru_RU.UTF-8", "LC_ALL": "C"}
    given = json.dumps([to_plain(report) for report in reports]).encode()
    assert json.loads(in_another_process(there, MAKE_ALL, given)) == [prints(report) for report in reports]


@pytest.mark.parametrize("name", list(FORMATS))
def test_the_same_bytes_a_second_time(name: str) -> None:
    first = FORMATS[name].render(kursk())
    with override("uk"):
        assert FORMATS[name].render(kursk()) == first


@pytest.mark.parametrize("name", list(FORMATS))
def test_no_format_stumbles_over_nothing_or_over_harm(name: str) -> None:
    for report in (sparse(), ugly()):
        assert FORMATS[name].render(report)


def test_a_process_that_lists_formats_loads_no_charts() -> None:
    program = (
        "import sys, django; django.setup()\n"
        "import reports.rendering.registry, reports.rendering.words, reports.rendering.encode, config.urls\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    assert in_another_process({}, program).strip() == "[]"


def test_names_types_and_endings() -> None:
    assert list(FORMATS) == ["text", "json", "html", "pdf", "xlsx", "csv", "hxl"]
    endings = ["txt", "json", "html", "pdf", "xlsx", "csv", "hxl.csv"]
    assert [entry.extension for entry in FORMATS.values()] == endings
    assert FORMATS["pdf"].render(kursk()).startswith(b"%PDF-")
    assert FORMATS["xlsx"].render(kursk()).startswith(b"PK")
    assert all(str(entry.label) and "/" in entry.media_type for entry in FORMATS.values())
