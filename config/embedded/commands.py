"""Which `manage.py` command needs servers, and the environment that its settings read."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from config.embedded.directory import DataDirectory, data_directory
from config.embedded.kinds import KINDS
from config.embedded.lease import use
from config.embedded.server import Server

#: Commands that ask no server anything. What is not listed gets servers: a new command must not fail.
NEED_NONE = frozenset(
    {
        "",
        "help",
        "version",
        "check",
        "collectstatic",
        "compilemessages",
        "makemessages",
        "diffsettings",
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
    return [kind(directory, throwaway=throwaway) for kind in kinds]


@contextmanager
def servers_for_command(argv: Sequence[str]) -> Iterator[None]:
    """Let the environment name all that settings need, for the time of one command.

    Servers that it does not name are those of DATA_DIR: joined where they run, else started for this time.
    Raises EmbeddedServerError, one sentence, where that can not be.
    """
    directory = data_directory(os.environ)
    directory.prepare()
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = directory.secret("secret-key")
    if not needs_servers(argv):
        os.environ.update({name: url for name, url in NOWHERE.items() if not os.environ.get(name)})
        yield
        return
    with use(unnamed_servers(directory)) as held:
        os.environ.update(held.environment)
        yield
