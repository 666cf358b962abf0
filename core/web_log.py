"""What the web server says by itself, in the words of every other line: gunicorn quotes requests that it cannot read."""

import sys
from typing import Any

from gunicorn.glogging import Logger

from core.logs import formatter


class WebLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's log (`logger_class` in gunicorn.conf.py). Of what went wrong it tells the kind and nothing that was sent.

    A client that counts letters for bytes leaves the end of its body on the line, which reads like the next request: with a
    family in it.
    """

    def setup(self, cfg: Any) -> None:
        """Write JSON, as the service does."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter())

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """The kind of the error that is being handled, where one is: the words were put together with what was sent."""
        raised = sys.exc_info()[1]
        if raised is None:
            super().warning(msg, *args, **kwargs)
        else:
            super().warning("A request was refused unread: %s", type(raised).__name__)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Without the values of its words, which are the address with all that was searched for."""
        super().exception(msg.partition("%")[0].strip() if isinstance(msg, str) else msg, **kwargs)
