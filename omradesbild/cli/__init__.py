"""The command line: one small module per family of commands, each with `add`, which tells its options.

Each command imports what it needs when it runs, so that ``check`` does not wait for the map libraries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from omradesbild import __version__
from omradesbild.cli import (
    approve,
    check,
    collect,
    convert,
    demo,
    publish,
    report,
    staff,
    statements,
    swedish,
    versions,
)
from omradesbild.cli.shared import failed

#: the families of commands, in the order of the help text
FAMILIES = (check, collect, versions, staff, convert, statements, report, publish, approve, demo)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 if it went well and 1 if not."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    swedish.speak()
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        return failed("Avbrutet. Inget halvt har skrivits. Kör kommandot igen, så går det vidare med det som hann hämtas.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m omradesbild", description="Samlar in, analyserar och paketerar siffror om en kommuns områden."
    )
    parser.add_argument("--version", action="version", version=__version__, help="visa programmets version")
    commands = parser.add_subparsers(required=True, metavar="kommando")
    for family in FAMILIES:
        family.add(commands)
    return parser
