#!/usr/bin/env python
"""Django's commands, with the embedded servers found or started when no others are given."""

import os
import sys

from ops import embedded, keys

# These read no row; everything else does, `makemigrations` too, which compares its files with the database.
WITHOUT_SERVERS = {"help", "version", "makemessages", "compilemessages", "collectstatic", "findstatic", "diffsettings"}


def needs_servers(arguments: list[str]) -> bool:
    """Whether the command line leads to the database or the broker."""
    if not arguments or arguments[0] in WITHOUT_SERVERS or {"-h", "--help", "--version"} & set(arguments):
        return False
    return arguments[0] != "check" or "--database" in arguments


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    keys.load()
    if needs_servers(sys.argv[1:]):
        try:
            embedded.ensure()
        except (embedded.ServersError, OSError) as error:
            sys.exit(f"error: {error}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
