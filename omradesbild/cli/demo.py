"""``demo``: the demonstration pack."""

from __future__ import annotations

import argparse
from pathlib import Path

from omradesbild.cli.shared import failed


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command and its options."""
    demo = commands.add_parser("demo", help="skapa demonstrationspaketet med påhittade siffror")
    demo.add_argument("--out", type=Path, required=True, help="mapp att skriva i")
    demo.add_argument("--seed", type=int, help="slumpfrö (förval: det som appen använder)")
    demo.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    from omradesbild import demo

    if options.out.exists():
        return failed(f"{options.out} finns redan; ange en mapp som inte finns, så skrivs inget över.")
    demo.build(options.out, demo.SEED if options.seed is None else options.seed)
    print(f"Skrev {options.out}")
    return 0
