"""``diff`` and ``restore``: what sets the versions of a pack apart, and which of them is used."""

from __future__ import annotations

import argparse

from omradesbild.cli.shared import failed, write


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands and their options."""
    diff = commands.add_parser("diff", help="jämför två versioner av ett datapaket: nya, ändrade och borttagna siffror, och varför")
    diff.add_argument("before", metavar="A", help="den tidigare: en mapp, en versions namn, eller demo")
    diff.add_argument("after", metavar="B", help="den senare; väntar för den version som väntar på att godkännas")
    diff.add_argument("--format", choices=("text", "csv"), default="text", help="förval: text; csv har en rad per siffra")
    diff.add_argument("--pack", help="mapp med versioner av ett datapaket (förval: den som appen visar)")
    diff.set_defaults(run=_diff)

    restore = commands.add_parser("restore", help="använd en tidigare version av datapaketet igen; utan namn listas de som finns")
    restore.add_argument("version", nargs="?", help="versionens namn, eller början av det")
    restore.add_argument("--pack", help="mapp med versioner av ett datapaket (förval: den som appen visar)")
    restore.set_defaults(run=_restore)


def _diff(options: argparse.Namespace) -> int:
    from omradesbild import words
    from omradesbild.analyse import statements
    from omradesbild.analyse.diff import diff
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.shelf import Shelf
    from omradesbild.pack import PackError, load, place, resolve
    from omradesbild.publish import differences, tables

    shelf = Shelf(place(options.pack))
    try:
        folders = [shelf.find(name) or resolve(name) for name in (options.before, options.after)]
        packs = [load(folder) for folder in folders]
        changes = diff(*(statements.build(content) for content in packs))
    except (CollectError, PackError) as error:
        return failed(error)
    words.speak_of(packs[-1].info)
    if options.format == "csv":
        write(tables.to_csv(differences.file_rows(changes), names=differences.headings()))
    else:
        write(f"{differences.text(changes)}\n".encode())
    return 0


def _restore(options: argparse.Namespace) -> int:
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.shelf import Shelf
    from omradesbild.pack import PackError, place

    folder = place(options.pack)
    if not Shelf.is_one(folder):
        return failed(f"{folder} har inga versioner. Ange mappen som collect skriver i med --pack.")
    shelf = Shelf(folder)
    try:
        if options.version is None:
            for version in shelf.versions():
                print(f"{version.name}  kom {version.arrived:%Y-%m-%d %H:%M}{'  används' if version.used else ''}")
            return 0
        name = shelf.restore(options.version)
    except (CollectError, PackError) as error:
        return failed(error)
    print(f"Nu används {name}. Appen visar den inom några sekunder.")
    return 0
