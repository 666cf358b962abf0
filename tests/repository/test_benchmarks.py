"""`make bench` starts: what a benchmark takes from another module is still there."""

import importlib
from pathlib import Path

import pytest

import benchmarks

NAMES = sorted(file.stem for file in Path(benchmarks.__file__).parent.glob("[a-z]*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_imported(name: str) -> None:
    importlib.import_module(f"benchmarks.{name}")
    assert len(NAMES) > 10
