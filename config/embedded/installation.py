"""One running installation per data directory, on one port: what `manage.py up` makes sure of before it starts."""

import errno
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from config.embedded.directory import DataDirectory
from config.embedded.errors import EmbeddedServerError
from config.embedded.locks import FileLock
from config.embedded.ports import HOST, answers

DEFAULT_PORT = 8000
#: Names the inherited socket for the command `up`.
SOCKET_VARIABLE = "WEB_SOCKET"


def port_of(environ: Mapping[str, str]) -> int:
    """The port of the desk that PORT names."""
    text = environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise EmbeddedServerError("PORT must be a number from 1 to 65535: try PORT=8001 make run.")
    return int(text)


def address(port: int) -> str:
    """Where a browser on this machine finds the desk."""
    return f"http://localhost:{port}/"


@contextmanager
def alone(directory: DataDirectory, port: int) -> Iterator[None]:
    """Be the only `up` of this data directory; waits for programs of a killed one that are still stopping."""
    with FileLock(directory.run / "up.lock") as lock:
        if not lock.try_take():
            where = (directory.run / "up.address").read_text().strip()
            raise EmbeddedServerError(
                f"Musterpoint runs already on {directory.path}: {where} (stop it with Ctrl-C where it was started, "
                "or set DATA_DIR and PORT for a second one)."
            )
        (directory.run / "up.address").write_text(address(port))
        with FileLock(directory.run / "programs.lock") as programs:
            programs.take()
        yield


@contextmanager
def reserved(port: int) -> Iterator[socket.socket]:
    """Hold `port` from now on, so that nobody takes it while the register loads; the web server gets this socket."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            if answers(port):
                raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
            listener.bind((HOST, port))
        except OSError as error:
            raise EmbeddedServerError(_refusal(port, error)) from error
        yield listener


def _refusal(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else DEFAULT_PORT
        return f"Port {port} is used by another program: stop that, or choose another one with PORT={other}."
    return (
        f"Port {port} can not be used ({error.strerror}): choose one above 1023, such as PORT={DEFAULT_PORT}."
    )
