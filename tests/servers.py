"""PostgreSQL, Valkey and a mail server for one test run, on free ports, in a directory of its own."""

import atexit
import os
import shutil
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from config.embedded.commands import unnamed_servers
from config.embedded.directory import DataDirectory
from config.embedded.lease import use

PREFIX = "musterpoint-tests-"
ABANDONED_SECONDS = 6 * 3600


def remove_abandoned() -> None:
    """Remove the directories of test runs that were killed long ago; their servers ended by themselves."""
    for directory in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - directory.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(directory)


class TestServers:
    """The servers of this run; those that the environment names are used as they are."""

    __test__ = False

    def __init__(self) -> None:
        self._held = ExitStack()
        remove_abandoned()
        # The run has its own: whatever DATA_DIR the developer works with stays untouched.
        self.directory = DataDirectory(Path(tempfile.mkdtemp(prefix=PREFIX)))

    def start(self) -> None:
        """Start what is missing and name it in the environment, where the settings look."""
        self.directory.path.chmod(0o711)
        self.directory.prepare()
        os.environ["DATA_DIR"] = str(self.directory.path)
        os.environ["MAY_LOSE_DATA"] = "true"
        os.environ.pop("EMAIL_URL", None)  # tests read what arrived, and mail nobody
        atexit.register(self.stop)  # also where the run ends before pytest has begun
        held = self._held.enter_context(use(unnamed_servers(self.directory, throwaway=True)))
        os.environ.update(held.environment)

    def stop(self) -> None:
        """Stop them and remove what they kept."""
        self._held.close()
        shutil.rmtree(self.directory.path, ignore_errors=True)
