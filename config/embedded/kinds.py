"""The registry of embedded servers, in the order in which they start."""

from config.embedded.mail import Mail
from config.embedded.postgres import Postgres
from config.embedded.server import Server
from config.embedded.valkey import Valkey

KINDS: dict[str, type[Server]] = {kind.name: kind for kind in (Postgres, Valkey, Mail)}
