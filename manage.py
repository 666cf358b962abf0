#!/usr/bin/env python
"""Every command of Musterpoint. Servers that the environment does not name are started from DATA_DIR for the command's time."""

import os
import sys


def main() -> None:
    """Run one management command with the servers that it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the settings module is named

    from config.embedded import servers_for_command  # noqa: PLC0415

    with servers_for_command(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
