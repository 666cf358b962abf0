#!/usr/bin/env python
"""Every command of Musterpoint, with the servers of DATA_DIR where the environment names no others."""

import os
import sys

from django.core.management import execute_from_command_line

from config.embedded.commands import servers_for_command
from config.embedded.errors import EmbeddedServerError


def main() -> None:
    """Run one management command with the servers that it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        with servers_for_command(sys.argv):
            execute_from_command_line(sys.argv)
    except EmbeddedServerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
