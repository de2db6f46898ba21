"""``check``: review a pack."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command and its options."""
    check = commands.add_parser("check", help="granska ett datapaket och skriv en rapport")
    check.add_argument("pack", nargs="?", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from omradesbild import pack

    root = pack.resolve(options.pack)
    report = pack.check(root)
    print(f"Granskning av {root}\n{report.text()}")
    return 0 if report.ok else 1
