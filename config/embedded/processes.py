"""Processes by number: is it alive, is it ours, end it."""

import os
import signal
import subprocess
import time
from pathlib import Path


def arguments_of(pid: int) -> str:
    """The command line of a living process; empty where there is none or it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    command = ["/bin/ps", "-o", "args=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a number
    return shown.stdout


def end(pid: int, number: signal.Signals, seconds: float) -> None:
    """Ask process `pid`, not a child of ours, to stop; kill it if it still lives after `seconds`."""
    _send(pid, number)
    deadline = time.monotonic() + seconds
    while arguments_of(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    if arguments_of(pid):
        _send(pid, signal.SIGKILL)


def end_child(child: "subprocess.Popen[bytes]", number: signal.Signals, seconds: float) -> None:
    """Ask a child to stop and wait for it; kill its whole session if it takes longer than `seconds`."""
    if child.poll() is None:
        child.send_signal(number)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
