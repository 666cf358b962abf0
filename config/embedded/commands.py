"""Which `manage.py` command needs servers, and the environment that its settings read."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from config.embedded.directory import SECRETS, DataDirectory, data_directory
from config.embedded.errors import EmbeddedServerError
from config.embedded.installation import SOCKET_VARIABLE, alone, port_of, reserved
from config.embedded.kinds import KINDS
from config.embedded.lease import silent, use
from config.embedded.server import Server
from config.embedded.steps import STEPS
from config.embedded.tether import SERVERS_VARIABLE

#: Commands that ask no server anything. What is not listed gets servers: a new command must not fail.
NEED_NONE = frozenset(
    {
        *("", "help", "version", "check", "collectstatic", "compilemessages", "makemessages", "diffsettings"),
        "match_people",
        "demo_code",
    }
)
HELP = frozenset({"-h", "--help", "--version"})
#: Well-formed and unused: settings must name servers even for commands that need none.
NOWHERE = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "dummymail://",
}


def needs_servers(argv: Sequence[str]) -> bool:
    """Whether the command line `argv` (program first) may ask a server something."""
    command = argv[1] if len(argv) > 1 else ""
    return command not in NEED_NONE and not HELP.intersection(argv[1:])


def unnamed_servers(directory: DataDirectory, *, throwaway: bool = False) -> list[Server]:
    """The servers that the environment names no other for, in the order in which they start."""
    kinds = [kind for kind in KINDS.values() if not os.environ.get(kind.variable)]
    if kinds and is_forbidden():
        raise EmbeddedServerError(
            f"{kinds[0].variable} is not set, and EMBEDDED=never: name the server to use."
        )
    return [kind(directory, throwaway=throwaway) for kind in kinds]


def is_forbidden() -> bool:
    """Whether this is an installation whose servers and secrets must all be named (the container image says so)."""
    return os.environ.get("EMBEDDED") == "never"


def name_secrets(directory: DataDirectory) -> None:
    """Let the environment name every secret, by those of DATA_DIR where it does not. Raises EmbeddedServerError."""
    for variable, (file, form) in SECRETS.items():
        if os.environ.get(variable):
            continue
        if is_forbidden():
            raise EmbeddedServerError(
                f"{variable} is not set, and EMBEDDED=never: .env.example says what it is and how to make one."
            )
        os.environ[variable] = form.format(directory.secret(file))


@contextmanager
def servers_for_command(argv: Sequence[str]) -> Iterator[None]:
    """Let the environment name all that settings need, for the time of one command.

    Servers that it does not name are those of DATA_DIR: joined where they run, else started for this time.
    Raises EmbeddedServerError, one sentence, where that can not be.
    """
    directory = data_directory(os.environ)
    directory.prepare()
    # Children work in another directory, where a relative path would mislead them.
    os.environ["DATA_DIR"] = str(directory.path)
    name_secrets(directory)
    os.environ.setdefault("MPLCONFIGDIR", str(directory.cache))
    if not needs_servers(argv):
        os.environ.update({name: url for name, url in NOWHERE.items() if not os.environ.get(name)})
        yield
    elif argv[1] == "up":
        with _installation(directory):
            yield
    else:
        with _servers(directory, silent):
            yield


@contextmanager
def _servers(directory: DataDirectory, tell: Callable[[str, Server, float], None]) -> Iterator[None]:
    servers = unnamed_servers(directory)
    with use(servers, tell) as held:
        os.environ.update(held.environment)
        os.environ[SERVERS_VARIABLE] = " ".join(server.name for server in servers)
        yield


@contextmanager
def _installation(directory: DataDirectory) -> Iterator[None]:
    """What `up` needs beside servers: to be alone, a port, space on the disk, an orderly end by any signal."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    port = port_of(os.environ)
    with alone(directory, port), reserved(port) as listener:
        directory.require_space(directory.space_needed)
        os.environ["PORT"] = str(port)
        os.environ[SOCKET_VARIABLE] = str(listener.fileno())
        STEPS.say(f"Musterpoint, data in {directory.path}")
        with _servers(directory, _narrate):
            yield


def _narrate(happening: str, server: Server, seconds: float) -> None:
    STEPS.took(f"{server.name} {happening}", seconds)
