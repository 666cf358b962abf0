"""From how many people on a count is shown is a setting of the service, and one that hides nobody is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from reports.disclosure.tables import check_thresholds, threshold_of

PROJECT = Path(__file__).resolve().parents[3]


def test_each_audience_has_its_own_and_an_unknown_one_the_strictest(settings: Settings) -> None:
    assert threshold_of("partners") == threshold_of("public") == 5
    settings.DISCLOSURE_THRESHOLDS = {"partners": 3, "public": 10}
    assert [threshold_of(audience) for audience in ("partners", "public", "donors")] == [3, 10, 10]


@pytest.mark.parametrize("lowest", [2, 1, 0, -5])
def test_one_that_hides_nobody_is_refused_with_a_sentence(lowest: int) -> None:
    check_thresholds({"partners": 3, "public": 3})
    with pytest.raises(ImproperlyConfigured, match=r"DISCLOSURE_THRESHOLD_PUBLIC is .*Set it to at least 3"):
        check_thresholds({"partners": 5, "public": lowest})


@pytest.mark.parametrize(("threshold", "starts"), [("3", True), ("2", False)])
def test_the_service_does_not_start_with_it(threshold: str, starts: bool) -> None:
    environment = {**os.environ, "DISCLOSURE_THRESHOLD_PARTNERS": threshold}
    program = "import django; django.setup()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == starts
    assert ("DISCLOSURE_THRESHOLD_PARTNERS is 2" in done.stderr) != starts
