"""``statements``: what is said about the figures, as on the screen."""

from __future__ import annotations

import argparse
import json

from omradesbild.cli.shared import failed, id_list, not_known, write


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command and its options."""
    said = commands.add_parser("statements", help="skriv ut vad som sägs om siffrorna, som på skärmen")
    said.add_argument("--areas", type=id_list, metavar="ID,…", help="områdens id (förval: alla)")
    said.add_argument("--indicators", type=id_list, metavar="ID,…", help="indikatorers id (förval: alla)")
    said.add_argument("--format", choices=("csv", "json"), default="csv", help="förval: csv")
    said.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    said.set_defaults(run=_statements)


def _statements(options: argparse.Namespace) -> int:
    from omradesbild import pack, words
    from omradesbild.analyse import statements
    from omradesbild.publish import tables

    try:
        content = pack.load(pack.resolve(options.pack))
    except pack.PackError as error:
        return failed(error)
    asked = (("område", options.areas, content.areas), ("indikator", options.indicators, content.indicators))
    unknown = [not_known(kind, id_, known) for kind, ids, known in asked for id_ in ids or () if id_ not in known]
    if unknown:
        return failed(" ".join(unknown))
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
