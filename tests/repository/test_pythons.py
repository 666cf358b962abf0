"""Every Python that the project names gets a whole set of packages, and make takes the newest that runs."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.repository.source import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
LOCKS = ("requirements.lock", "requirements-dev.lock")
PLATFORMS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))


def versions() -> list[str]:
    """The newest first, as make tries them."""
    found = re.search(r"^PYTHONS := (.+)$", MAKEFILE, flags=re.MULTILINE)
    assert found is not None
    return found.group(1).split()


def environment(python: str, platform: str, machine: str) -> dict[str, str]:
    """What the markers of a lock file ask."""
    return {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": platform,
        "platform_machine": machine,
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[platform],
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


def pins(lock: str) -> list[Requirement]:
    """The packages of a lock file, each with its one version and its marker."""
    text = (ROOT / lock).read_text()
    return [
        Requirement(line.rstrip("\\").strip()) for line in re.findall(r"^[a-z0-9].*$", text, re.MULTILINE)
    ]


def chosen(path: Path, *words: str) -> str:
    """The Python that make takes where only these programs are on the PATH."""
    asked = 'include Makefile\nchosen:\n\t@echo "$(PYTHON)"\n'
    done = subprocess.run(
        [shutil.which("make") or "make", "--silent", "--file", "-", "chosen", *words],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PATH": str(path)},
    )
    return done.stdout.strip()


def program(place: Path, line: str) -> None:
    place.write_text(f"#!/bin/sh\n{line}\n")
    place.chmod(0o755)


@pytest.fixture
def shims(tmp_path: Path) -> Path:
    """A PATH as pyenv makes it: a shim of every version, of which the newest was not chosen and does not run."""
    program(tmp_path / "python3.13", 'echo "pyenv: python3.13: command not found" >&2; exit 127')
    program(tmp_path / "python3.12", f'exec "{sys.executable}" "$@"')
    program(tmp_path / "python3.11", f'exec "{sys.executable}" "$@"')
    program(tmp_path / "python3", "exit 1")
    return tmp_path


def test_a_shim_that_does_not_run_is_passed_over(shims: Path) -> None:
    assert chosen(shims) == "python3.12"
    program(shims / "python3.13", f'exec "{sys.executable}" "$@"')
    assert chosen(shims) == "python3.13"


def test_the_plain_name_is_taken_last_and_nothing_where_none_runs(shims: Path) -> None:
    for version in versions():
        (shims / f"python{version}").unlink(missing_ok=True)
    assert chosen(shims) == ""
    program(shims / "python3", f'exec "{sys.executable}" "$@"')
    assert chosen(shims) == "python3"
    assert chosen(shims, "PYTHON=/of/mine/python3.12") == "/of/mine/python3.12"


def test_what_make_tries_is_what_the_project_promises() -> None:
    promised = SpecifierSet(
        tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    )
    assert [f"3.{minor}" for minor in range(20, 5, -1) if f"3.{minor}" in promised] == versions()
    newest, oldest = versions()[0], versions()[-1]
    assert f"Python {oldest} to {newest} and make" in (ROOT / "README.md").read_text()
    assert f"--python-version {oldest} " in MAKEFILE
    image = re.search(r"^FROM python:(3\.\d+)", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert image is not None
    assert image.group(1) in versions()


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("place", PLATFORMS)
def test_a_lock_has_each_package_once_for_each_python(lock: str, place: tuple[str, str]) -> None:
    """That each has a wheel, too, only the index knows: `make wheels`."""
    taken = {
        version: sorted(
            pin.name
            for pin in pins(lock)
            if pin.marker is None or pin.marker.evaluate(environment(version, *place))
        )
        for version in versions()
    }
    oldest = taken[versions()[-1]]
    assert len(oldest) == len(set(oldest)) > 50
    assert {version for version, packages in taken.items() if packages != oldest} == set()
