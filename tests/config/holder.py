"""A program that uses all servers of DATA_DIR until it is stopped; it says "ready" once they answer."""

import os
import signal
import sys
from contextlib import suppress

from config.embedded.commands import unnamed_servers
from config.embedded.directory import data_directory
from config.embedded.lease import use

if __name__ == "__main__":
    # Where the run itself is in the background of a shell, its programs inherit that SIGINT is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with use(unnamed_servers(data_directory(os.environ), throwaway=True)):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            signal.pause()
