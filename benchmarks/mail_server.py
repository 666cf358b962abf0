"""A mail server that takes everything and keeps nothing, in a process of its own: `python -m benchmarks.mail_server`.

It prints its port and serves until its standard input ends.
"""

import asyncio
import sys
from functools import partial

from aiosmtpd.smtp import SMTP, Envelope, Session


class Taking:
    """Says yes to each mail."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Forget it."""
        return "250 kept"


async def serve() -> None:
    """Listen on a free port of this machine."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(SMTP, Taking(), loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
