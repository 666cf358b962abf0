"""Whether the web server answers."""

import http.client
import time

from config.embedded.errors import EmbeddedServerError
from config.embedded.ports import HOST

READY_PATH = "/health/ready"
WAIT_SECONDS = 60


def answers(port: int) -> bool:
    """Whether the desk on `port` says that it is ready (a redirect to HTTPS is an answer too)."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", READY_PATH, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait(port: int, log: str) -> None:
    """Until it answers; one sentence when it does not within a minute."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not answers(port):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"The desk does not answer on port {port}: {log} says why.")
        time.sleep(0.1)
