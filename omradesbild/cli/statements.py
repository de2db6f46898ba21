"""``statements``: what is said about the figures, as on the screen."""

from __future__ import annotations

import argparse
import json

from omradesbild.cli.shared import failed, id_list, pack_option, unknown, write


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command and its options."""
    said = commands.add_parser("statements", help="skriv ut vad som sägs om siffrorna, som på skärmen")
    said.add_argument("--areas", type=id_list, metavar="ID,…", help="områdens id (förval: alla)")
    said.add_argument("--indicators", type=id_list, metavar="ID,…", help="indikatorers id (förval: alla)")
    said.add_argument("--format", choices=("csv", "json"), default="csv", help="förval: csv")
    pack_option(said)
    said.set_defaults(run=_statements)


def _statements(options: argparse.Namespace) -> int:
    from omradesbild import pack, words
    from omradesbild.analyse import statements
    from omradesbild.publish import tables

    try:
        content = pack.load(pack.resolve(options.pack))
    except pack.PackError as error:
        return failed(error)
    asked = (("område", options.areas or (), content.areas), ("indikator", options.indicators or (), content.indicators))
    if strange := unknown(asked):
        return failed(strange)
    words.speak_of(content.info)
    made = statements.build(content)
    areas = set(content.areas if options.areas is None else options.areas)
    indicators = content.indicators if options.indicators is None else options.indicators
    found = (s for indicator in indicators for s in made.of(indicator) if s.area.id in areas)
    rows = tables.rows(found, made)
    write(tables.to_csv(rows) if options.format == "csv" else _json(rows))
    return 0


def _json(rows: list[dict]) -> bytes:
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
