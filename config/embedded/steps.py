"""Steps that a person watches: named when they start, alive while they last, timed when they end."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: A step that takes longer shows that it lives.
QUIET_SECONDS = 2
WIDTH = 44


class Steps:
    """The story of one start. Never fails because nobody listens: the terminal may have gone."""

    def __init__(self) -> None:
        self.begun = time.monotonic()

    def seconds(self) -> float:
        """Since the story began."""
        return time.monotonic() - self.begun

    def say(self, text: str, end: str = "\n") -> None:
        """One line, at once."""
        with suppress(OSError):
            sys.stdout.write(text + end)
            sys.stdout.flush()

    def took(self, name: str, seconds: float) -> None:
        """Show a step that was timed elsewhere."""
        self.say(f"  {name:<{WIDTH}}{seconds:6.1f} s")

    @contextmanager
    def step(self, name: str, *, shows_itself: bool = False) -> Iterator[None]:
        """Time the block. While it lasts a dot a second is shown, unless the block `shows_itself`."""
        begun = time.monotonic()
        if shows_itself:
            self.say(f"  {name}")
            yield
            self.took("", time.monotonic() - begun)
        else:
            with self._dots(name):
                yield
            self.say(f"{time.monotonic() - begun:6.1f} s")

    @contextmanager
    def _dots(self, name: str) -> Iterator[None]:
        over = threading.Event()
        self.say(f"  {name}", end="")
        ticker = threading.Thread(target=self._tick, args=(over, len(name)), daemon=True)
        ticker.start()
        try:
            yield
        except BaseException:
            over.set()
            ticker.join()
            self.say("")
            raise
        over.set()
        ticker.join()

    def _tick(self, over: threading.Event, column: int) -> None:
        """Dots up to the column of the times; a long step goes on below."""
        over.wait(QUIET_SECONDS)
        while not over.wait(1):
            if column >= WIDTH - 1:
                self.say("\n  ", end="")
                column = 0
            self.say(".", end="")
            column += 1
        self.say(" " * (WIDTH - column), end="")


#: One process tells one story: its servers start before Django does, the rest after.
STEPS = Steps()
