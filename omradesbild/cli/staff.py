"""``import``: a table that somebody has handed in, or the areas of a map file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from omradesbild.cli.shared import failed

if TYPE_CHECKING:
    from omradesbild.collect.shelf import Shelf
    from omradesbild.collect.staff import Found, Outcome, TableMapping
    from omradesbild.collect.tables import Sheet
    from omradesbild.pack import Pack


def faulty(outcome: Outcome) -> int:
    """Tell everything that is wrong with a table."""
    return failed("\n".join(["tabellen har fel:", *(f"- {fault}" for fault in outcome.faults)]))


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command and its options."""
    imported = commands.add_parser("import", help="läs in en tabell som någon har lämnat, som en ny version av datapaketet")
    imported.add_argument("file", type=Path, metavar="FIL", help="Excel, CSV, PX, JSON-stat eller en kartfil")
    imported.add_argument("--mapping", type=Path, metavar="FIL", help="vad kolumnerna betyder (YAML); utan den visas bara vad som hittades")
    imported.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som används i --out, annars det som följer med)")
    imported.add_argument("--out", type=Path, metavar="MAPP", help="mappen med versioner av paketet, där en ny läggs (utan den visas bara skillnaderna)")
    imported.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from omradesbild import pack
    from omradesbild.collect import layer, staff, tables
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.recognise import Gazetteer
    from omradesbild.collect.shelf import Shelf

    shelf = Shelf(options.out) if options.out else None
    chosen = options.pack or (str(options.out) if shelf and Shelf.is_one(options.out) else None)
    try:
        with shelf.taken() if shelf and options.mapping else nullcontext():  # nobody else adds to the same version meanwhile
            content = pack.load(pack.resolve(chosen))
            gazetteer = Gazetteer(content.areas, content.info.city)
            sheets = tables.read(options.file.name, options.file.read_bytes())
            if options.mapping is None:
                print("\n\n".join(_described(staff.look(sheet, gazetteer), content) for sheet in sheets))
                return 0
            if sheets[0].shapes and layer.is_one(options.mapping):
                return _layer(shelf, content, sheets[0], options.mapping)
            mapping = staff.read_mapping(options.mapping, staff.TableMapping)
            if mapping.convert is not None:
                return _restated(shelf, content, sheets, mapping, options.mapping.parent)
            found = staff.choose(sheets, mapping, gazetteer)
            outcome = staff.figures(found, mapping, content, gazetteer)
            if outcome.faults:
                return faulty(outcome)
            return _added(shelf, content, mapping, outcome, found.layout)
    except (pack.PackError, CollectError) as error:
        return failed(error)
    except OSError as error:
        return failed(error)


def _described(found: Found, content: Pack) -> str:
    """Say what was found in a table, and where the mapping is of one that looked the same."""
    from omradesbild.collect import addition, staff

    said = staff.described(found)
    kept = addition.kept_mappings(content, found.layout)
    return said + "".join(f"\nEn fil som ser likadan ut har lästs in förut. Dess mappning: {each}" for each in kept)


def _restated(shelf: Shelf | None, content: Pack, sheets: Sequence[Sheet], mapping: TableMapping, folder: Path) -> int:
    """Bring a table of another division's areas to the pack's, say how, and go on as with any other table."""
    from omradesbild.cli import convert
    from omradesbild.collect import conversion

    found, outcome, converted = convert.converted(sheets, mapping, content, folder)
    if converted is None:
        return faulty(outcome)
    print("\n".join(convert.told(converted)))
    return _added(shelf, content, *reversed(conversion.imported(outcome, converted, mapping, content)), found.layout)


def _added(shelf: Shelf | None, content: Pack, mapping: TableMapping, outcome: Outcome, layout: Sequence[str]) -> int:
    """Say what an import changes, and publish the new version where that is asked for."""
    import tempfile

    from omradesbild.analyse import statements
    from omradesbild.collect import addition, staff
    from omradesbild.collect.doubts import doubts
    from omradesbild.words import t

    changes = staff.differences(outcome.rows, content, complete=mapping.complete)
    with tempfile.TemporaryDirectory() as folder:
        made = addition.make(content, changes, mapping, date.today().isoformat(), Path(folder) / "pack", layout)
        print("\n".join(staff.counted(changes, outcome, staff.hidden(changes, statements.build(made).frame))))
        for doubt in doubts(changes, mapping, content):
            print("Se efter: " + t(f"intake.doubt_{doubt.code}", **doubt.said()))
        if (changes["change"] == "same").all():
            print("Inget har ändrats, så ingen ny version behövs.")
        elif shelf is None:
            print("Inget skrevs. Ange --out för att skriva en ny version.")
        else:
            print(f"Nu används {shelf.publish(made.root)} i {shelf.folder}.")
    return 0


def _layer(shelf: Shelf | None, content: Pack, sheet: Sheet, path: Path) -> int:
    """Make a pack on the areas of a map file, and publish it where that is asked for."""
    import tempfile
    from collections import Counter

    from omradesbild import words
    from omradesbild.collect import layer, staff, tables
    from omradesbild.model import Level

    mapping = staff.read_mapping(path, layer.LayerMapping)
    pieces = None
    if mapping.figures:
        file = path.parent / mapping.figures.file
        pieces = tables.read(file.name, file.read_bytes())[0]
    with tempfile.TemporaryDirectory() as folder:
        made = layer.make(content, sheet, mapping, date.today().isoformat(), Path(folder) / "pack", pieces)
        words.speak_of(made.info)
        counts = Counter(area.level for area in made.areas.values())
        print("Områden: " + ", ".join(f"{n} {words.level(level, form='one' if n == 1 else 'many')}" for level, n in counts.items()))
        kept, converted = layer.counted(made)
        print(f"Siffror om {words.level(Level.KOMMUN)} som behålls: {kept}. Siffror som räknats om till områdena: {converted}.")
        if shelf is None:
            print("Inget skrevs. Ange --out för att skriva en ny version.")
        elif shelf.current() is not None:
            return failed(f"{shelf.folder} har redan ett paket. Ange en ny mapp för paketet med de nya områdena.")
        else:
            then = "" if pieces else " Läs in siffror om områdena innan appen visar det."
            print(f"Skrev {shelf.publish(made.root)} i {shelf.folder}.{then}")
    return 0
