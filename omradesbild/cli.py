"""The command line: check a pack, rebuild its parts, print its statements, make the demonstration pack.

Each command imports what it needs when it runs, so that ``check`` does not wait for the map libraries.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
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

    said = commands.add_parser("statements", help="skriv ut vad som sägs om siffrorna, som på skärmen")
    said.add_argument("--areas", type=_ids, metavar="ID,…", help="områdens id (förval: alla)")
    said.add_argument("--indicators", type=_ids, metavar="ID,…", help="indikatorers id (förval: alla)")
    said.add_argument("--format", choices=("csv", "json"), default="csv", help="förval: csv")
    said.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    said.set_defaults(run=_statements)

    approve = commands.add_parser("approve", help="godkänn ett utkast: granska det och lägg det i datapaketets katalog")
    kinds = approve.add_subparsers(required=True, metavar="slag")
    initiatives = kinds.add_parser("insatser", help="en insats till registret; utan namn listas de utkast som väntar")
    initiatives.add_argument("name", nargs="?", help="utkastets namn, eller en fil som hämtats ur appen (.json)")
    initiatives.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    initiatives.set_defaults(run=_approve)

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


def _approve(options: argparse.Namespace) -> int:
    from omradesbild import approval, drafts
    from omradesbild.pack import resolve

    if options.name is None:
        waiting = drafts.names("insatser")
        print("\n".join(waiting) if waiting else "Inga utkast väntar.")
        return 0
    from_file = options.name.endswith(".json")
    root = resolve(options.pack)
    try:
        content = drafts.from_file(Path(options.name)) if from_file else drafts.read("insatser", options.name)
        added = approval.approve(root, content)
    except (drafts.DraftError, approval.ApprovalError) as error:
        return _failed(error)
    print(f"Lades till i {root / approval.INITIATIVES}:\n\n{added}" if added else "Insatsen står redan i registret.")
    if not from_file:
        drafts.remove("insatser", options.name)
    print("Granska ändringen, och höj version i pack.yaml innan den publiceras.")
    return 0


def _ids(text: str) -> list[str]:
    ids = list(dict.fromkeys(id_.strip() for id_ in text.split(",") if id_.strip()))
    if not ids:
        raise argparse.ArgumentTypeError("ange minst ett id")
    return ids


def _statements(options: argparse.Namespace) -> int:
    from omradesbild import pack
    from omradesbild.analyse import statements
    from omradesbild.publish import tables

    try:
        content = pack.load(pack.resolve(options.pack))
    except pack.PackError as error:
        return _failed(error)
    asked = (("område", options.areas, content.areas), ("indikator", options.indicators, content.indicators))
    unknown = [_unknown(kind, id_, known) for kind, ids, known in asked for id_ in ids or () if id_ not in known]
    if unknown:
        return _failed(" ".join(unknown))
    made = statements.build(content)
    areas = set(content.areas if options.areas is None else options.areas)
    indicators = content.indicators if options.indicators is None else options.indicators
    found = (s for indicator in indicators for s in made.of(indicator) if s.area.id in areas)
    rows = tables.rows(found, made)
    _print(tables.to_csv(rows) if options.format == "csv" else _json(rows))
    return 0


def _unknown(kind: str, id_: str, known: Mapping) -> str:
    """Say that an id is not known, and which were perhaps meant: nearly the same id, or that name."""
    names = {(getattr(entry, "name", "") or entry.title.sv).casefold(): i for i, entry in known.items()}
    near = get_close_matches(id_.casefold(), [*known, *names], n=3, cutoff=0.5)
    near = list(dict.fromkeys(names.get(text, text) for text in near))
    tip = f"Menade du {' eller '.join(near)}?" if near else f"Det finns {len(known)}, till exempel {next(iter(known))}."
    return f"Okänt id för {kind}: {id_}. {tip}"


def _json(rows: list[dict]) -> bytes:
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def _print(content: bytes) -> None:
    """Write bytes as they are, whatever the terminal's encoding; a reader that has seen enough may leave."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
