"""The command line: check a pack, rebuild its parts, make the demonstration pack.

Each command imports what it needs when it runs, so that ``check`` does not wait for the map libraries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from omradesbild import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 if it went well and 1 if not."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m omradesbild", description="Samlar in, analyserar och paketerar siffror om stadens områden."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="kommando")

    check = commands.add_parser("check", help="granska ett datapaket och skriv en rapport")
    check.add_argument("pack", nargs="?", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    check.set_defaults(run=_check)

    collect = commands.add_parser("collect", help="bygg om en del av datapaketet från dess källor")
    parts = collect.add_subparsers(required=True, metavar="del")
    boundaries = parts.add_parser("boundaries", help="områdesgränser: SCB:s RegSO, klippta mot kusten")
    boundaries.add_argument("--kommun", default="1280", help="kommunkod med fyra siffror (förval: 1280)")
    boundaries.add_argument("--out", type=Path, help="mapp att skriva i (förval: paketets boundaries/)")
    boundaries.set_defaults(run=_boundaries)
    figures = parts.add_parser("figures", help="siffror: räkna om observationerna från avskrifterna")
    figures.add_argument("pack", nargs="?", help="mapp med ett datapaket (förval: det som följer med)")
    figures.set_defaults(run=_figures)

    demo = commands.add_parser("demo", help="skapa demonstrationspaketet med påhittade siffror")
    demo.add_argument("--out", type=Path, required=True, help="mapp att skriva i")
    demo.add_argument("--seed", type=int, help="slumpfrö (förval: det som appen använder)")
    demo.set_defaults(run=_demo)
    return parser


def _check(options: argparse.Namespace) -> int:
    from omradesbild import pack

    root = pack.resolve(options.pack)
    report = pack.check(root)
    print(f"Granskning av {root}\n{report.text()}")
    return 0 if report.ok else 1


def _boundaries(options: argparse.Namespace) -> int:
    from omradesbild.collect.boundaries import BoundaryError, build_boundaries
    from omradesbild.pack import resolve

    try:
        print(f"Skrev {build_boundaries(options.kommun, options.out or resolve() / 'boundaries')}")
    except BoundaryError as error:
        return _failed(error)
    return 0


def _figures(options: argparse.Namespace) -> int:
    from omradesbild.collect.transcribed import build
    from omradesbild.pack import resolve

    try:
        for path in build(resolve(options.pack)):
            print(f"Skrev {path}")
    except (OSError, ValueError) as error:
        return _failed(error)
    return 0


def _demo(options: argparse.Namespace) -> int:
    from omradesbild import demo

    if options.out.exists():
        return _failed(f"{options.out} finns redan; ange en mapp som inte finns, så skrivs inget över.")
    demo.build(options.out, demo.SEED if options.seed is None else options.seed)
    print(f"Skrev {options.out}")
    return 0


def _failed(error: object) -> int:
    print(f"Det gick inte: {error}", file=sys.stderr)
    return 1
