"""The folder of a run goes with it, also where the run was killed."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from displacement.identity.bulk.workspace import workspace

_KILLED = """
import os, signal
from displacement.identity.bulk.workspace import workspace
with workspace() as connection:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_goes_with_the_next_and_what_runs_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    killed = subprocess.run([sys.executable, "-c", _KILLED], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    with workspace():
        (mine,) = tmp_path.iterdir()
        assert mine != left
        with workspace():
            assert mine.exists()
            assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == []
