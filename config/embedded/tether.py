"""No child outlives its parent, however the parent ends.

Python programs run under `python -m config.embedded.tether MODULE ARGUMENTS`, which ends them when the pipe
on their standard input closes: the kernel closes it when the parent dies, on every platform. Programs that
are not ours get the kernel's own signal where it has one (Linux); elsewhere the next start ends what is left.
"""

import ctypes
import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable

from config.embedded.directory import data_directory
from config.embedded.locks import FileLock

PR_SET_PDEATHSIG = 1
#: Names the embedded servers that the environment's URLs point to.
SERVERS_VARIABLE = "EMBEDDED_SERVERS"
#: Seconds between the request to stop and the end, for a program whose parent is gone.
GRACE_SECONDS = 20

_prctl = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None


def signal_on_parent_death(number: signal.Signals) -> Callable[[], None] | None:
    """To run in a new child before its program: the kernel sends it `number` when the starting *thread* ends.

    None where the kernel knows no such thing. Start such children from the main thread only.
    """
    prctl, parent = _prctl, os.getpid()
    if prctl is None:
        return None

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask_kernel


def hold_what_we_need() -> None:
    """Hold the servers in our own right, for as long as this process lives.

    So when the parent is killed, the servers outlast us, and the next start waits until we are gone.
    """
    names = os.environ.get(SERVERS_VARIABLE)
    if names is None:
        return
    run = data_directory(os.environ).run
    for lock in (*(f"{name}.users" for name in names.split()), "programs.lock"):
        FileLock(run / lock).share()


def end_with_parent() -> None:
    """Stop this process in an orderly way once its standard input closes; kill it if that takes too long."""
    threading.Thread(target=_wait_for_parent, name="tether", daemon=True).start()


def _wait_for_parent() -> None:
    while os.read(0, 512):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    end_with_parent()
    hold_what_we_need()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
