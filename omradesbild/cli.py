"""The command line: check a pack, rebuild its parts, print its statements, make the demonstration pack.

Each command imports what it needs when it runs, so that ``check`` does not wait for the map libraries.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from omradesbild import __version__

if TYPE_CHECKING:
    from omradesbild.collect.shelf import Shelf
    from omradesbild.collect.staff import Outcome, TableMapping
    from omradesbild.collect.tables import Sheet
    from omradesbild.model import Area, Indicator, Initiative, PriorityList
    from omradesbild.pack import Pack
    from omradesbild.publish.report.order import Order


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 if it went well and 1 if not."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        return _failed("Avbrutet. Inget halvt har skrivits. Kör kommandot igen, så går det vidare med det som hann hämtas.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m omradesbild", description="Samlar in, analyserar och paketerar siffror om stadens områden."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="kommando")

    check = commands.add_parser("check", help="granska ett datapaket och skriv en rapport")
    check.add_argument("pack", nargs="?", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    check.set_defaults(run=_check)

    collect = commands.add_parser("collect", help="samla in siffror från källorna till en ny version av datapaketet")
    collect.add_argument("sources", nargs="*", metavar="KÄLLA", help="scb, scb-bulk, scb-geo, kolada, malmo, polisen, transcribed "
                         "eller boundaries (förval: scb kolada; för hela landet scb)")
    collect.add_argument("--kommun", default="1280", help="kommunkod med fyra siffror, eller all (förval: 1280)")
    collect.add_argument("--out", type=Path, metavar="MAPP", help="mappen för datapaketets versioner")
    collect.add_argument("--base-url", action="append", default=[], metavar="KÄLLA=ADRESS", help="fråga en annan adress")
    collect.add_argument("--offline", action="store_true", help="fråga ingen: använd svaren som redan är hämtade")
    collect.add_argument("--wait", action="store_true", help="låt den nya versionen vänta på att någon godkänner den")
    collect.set_defaults(run=_collect)

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
    imported = commands.add_parser("import", help="läs in en tabell som någon har lämnat, som en ny version av datapaketet")
    imported.add_argument("file", type=Path, metavar="FIL", help="Excel, CSV, PX, JSON-stat eller en kartfil")
    imported.add_argument("--mapping", type=Path, metavar="FIL", help="vad kolumnerna betyder (YAML); utan den visas bara vad som hittades")
    imported.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som används i --out, annars det som följer med)")
    imported.add_argument("--out", type=Path, metavar="MAPP", help="mappen med versioner av paketet, där en ny läggs (utan den visas bara skillnaderna)")
    imported.set_defaults(run=_import)

    said = commands.add_parser("statements", help="skriv ut vad som sägs om siffrorna, som på skärmen")
    said.add_argument("--areas", type=_ids, metavar="ID,…", help="områdens id (förval: alla)")
    said.add_argument("--indicators", type=_ids, metavar="ID,…", help="indikatorers id (förval: alla)")
    said.add_argument("--format", choices=("csv", "json"), default="csv", help="förval: csv")
    said.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    said.set_defaults(run=_statements)

    _report_parser(commands)

    publish = commands.add_parser("publish", help="ge ut: skriv den publika utgåvan som statiska filer")
    publish.add_argument("--out", type=Path, required=True, metavar="MAPP", help="mappen för utgåvan, den nyaste och alla förra")
    publish.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    publish.add_argument("--settings", type=Path, metavar="FIL", help="utgivare, adress och kontakt (YAML)")
    publish.set_defaults(run=_publish)

    serve = commands.add_parser("serve", help="visa en utgåva på den här datorn")
    serve.add_argument("folder", type=Path, metavar="MAPP", help="mappen med utgåvan")
    serve.add_argument("--port", type=int, default=8600, help="förval: 8600")
    serve.set_defaults(run=_serve)

    approve = commands.add_parser("approve", help="godkänn ett utkast: granska det och lägg det i datapaketets katalog")
    kinds = approve.add_subparsers(required=True, metavar="slag")
    initiatives = kinds.add_parser("insatser", help="en insats till registret; utan namn listas de utkast som väntar")
    lists = kinds.add_parser("prioriteringar", help="en lista att publicera; utan namn listas de som är sparade")
    lists.add_argument("--by", default="", metavar="TEXT", help="vem som har beslutat att listan publiceras, till exempel nämnden")
    lists.add_argument("--date", metavar="ÅÅÅÅ-MM-DD", help="beslutets datum (förval: i dag)")
    for kind, parser_ in (("insatser", initiatives), ("prioriteringar", lists)):
        parser_.add_argument("name", nargs="?", help="utkastets namn, eller en fil som hämtats ur appen (.json)")
        parser_.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
        parser_.set_defaults(run=_approve, kind=kind)
    brought = kinds.add_parser("tabeller", help="en tabell som någon har lämnat; utan namn listas de utkast som väntar")
    brought.add_argument("name", nargs="?", help="utkastets namn, eller en fil som hämtats ur appen (.json)")
    brought.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som används i --out, annars det som följer med)")
    brought.add_argument("--out", type=Path, metavar="MAPP", help="mappen med versioner av paketet, där en ny läggs")
    brought.set_defaults(run=_approve_table)

    demo = commands.add_parser("demo", help="skapa demonstrationspaketet med påhittade siffror")
    demo.add_argument("--out", type=Path, required=True, help="mapp att skriva i")
    demo.add_argument("--seed", type=int, help="slumpfrö (förval: det som appen använder)")
    demo.set_defaults(run=_demo)
    return parser


def _report_parser(commands: argparse._SubParsersAction) -> None:
    from omradesbild.publish.report.formats import FORMATS
    from omradesbild.publish.report.order import TEMPLATES

    report = commands.add_parser("report", help="skriv ett mötesunderlag som fil")
    report.add_argument("--template", choices=TEMPLATES, required=True, help="slag av underlag")
    report.add_argument("--areas", type=_ids, default=[], metavar="ID,…", help="områdens id")
    report.add_argument("--format", choices=tuple(FORMATS), default="pdf", help="förval: pdf")
    report.add_argument("--out", type=Path, required=True, help="filen, eller med --each mappen, att skriva")
    report.add_argument("--each", action="store_true", help="ett underlag per område; utan --areas alla statistikområden")
    report.add_argument("--indicators", type=_ids, default=[], metavar="ID,…", help="indikatorers id (förval: mallens val)")
    report.add_argument("--since", default="", metavar="ÅR", help="första året bland siffrorna")
    report.add_argument("--until", default="", metavar="ÅR", help="sista året bland siffrorna")
    report.add_argument("--against", default="", metavar="ID", help="jämför med ett område, eller tidigare (år), i stället för övriga staden")
    report.add_argument("--priorities", default="", metavar="ID|FIL", help="en publicerad prioriteringslista, eller en sparad (.json)")
    report.add_argument("--initiative", default="", metavar="ID", help="insatsen som ska följas upp")
    report.add_argument("--comments", type=Path, metavar="FIL", help="egna kommentarer per avsnitt (YAML eller JSON)")
    texts = {"title": "rubrik", "committee": "nämnd", "reference": "diarienummer", "recipient": "mottagare"}
    for name, said in texts.items():
        report.add_argument(f"--{name}", default="", metavar="TEXT", help=said)
    report.add_argument("--date", metavar="ÅÅÅÅ-MM-DD", help="underlagets datum (förval: i dag)")
    report.add_argument("--house", type=Path, metavar="FIL", help="kommunens namn, logotyp, färg och typsnitt (YAML)")
    report.add_argument("--lang", choices=("sv", "en"), default="sv", help="språk (förval: sv)")
    report.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som följer med)")
    report.set_defaults(run=_report)


def _check(options: argparse.Namespace) -> int:
    from omradesbild import pack

    root = pack.resolve(options.pack)
    report = pack.check(root)
    print(f"Granskning av {root}\n{report.text()}")
    return 0 if report.ok else 1


def _collect(options: argparse.Namespace) -> int:
    from omradesbild.collect.fault import CollectError
    from omradesbild.pack import PackError

    try:
        if options.sources == ["boundaries"]:
            return _boundaries(options.kommun, options.out)
        if options.out is None:
            return _rebuilt(options.sources)
        return _collected(options)
    except (CollectError, PackError) as error:
        return _failed(error)


def _collected(options: argparse.Namespace) -> int:
    """Collect into a shelf and say what came."""
    from datetime import datetime

    from omradesbild.collect import pipeline
    from omradesbild.collect.client import Client
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.plan import ALL
    from omradesbild.collect.progress import Meter

    bases = dict(entry.partition("=")[::2] for entry in options.base_url)
    if wrong := [name for name, url in bases.items() if not url.startswith(("http://", "https://"))]:
        raise CollectError("--base-url", f"”{wrong[0]}”", "KÄLLA=ADRESS", "Skriv till exempel --base-url scb=http://localhost:8000")
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    outcome = pipeline.collect(
        options.sources or (["scb"] if options.kommun == ALL else ["scb", "kolada"]), options.out, kommun=options.kommun, now=now,
        client=None if options.offline else Client(bases), progress=Meter(), wait=options.wait,
    )  # fmt: skip
    for remark in outcome.remarks:
        print(remark)
    if outcome.unused:
        print(f"Lästes, men inget recept använder dem: {', '.join(outcome.unused)}")
    if not outcome.new:
        print(f"Inget nytt. {outcome.version} används som förut.")
    else:
        print(f"{'Väntar på godkännande' if options.wait else 'Ny version'}: {outcome.version}, {outcome.figures} siffror från källorna")
    return 0


def _rebuilt(sources: Sequence[str]) -> int:
    """Make the transcribed figures of a pack that is a plain folder again."""
    from omradesbild.collect import pipeline
    from omradesbild.collect.fault import CollectError
    from omradesbild.pack import resolve

    if sources != ["transcribed"]:
        raise CollectError("collect", "ingen mapp för det som samlas in", "--out MAPP", "Ange en mapp, som paket/malmo; den skapas")
    changed = pipeline.rebuild(resolve())
    print("\n".join(f"Skrev {path}" for path in changed) or "Inget att ändra.")
    return 0


def _boundaries(kommun: str, out: Path | None) -> int:
    from omradesbild.collect.boundaries import BoundaryError, build_boundaries
    from omradesbild.pack import resolve

    try:
        print(f"Skrev {build_boundaries(kommun, out or resolve() / 'boundaries')}")
    except BoundaryError as error:
        return _failed(error)
    return 0


def _diff(options: argparse.Namespace) -> int:
    from omradesbild.analyse import statements
    from omradesbild.analyse.diff import diff
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.shelf import Shelf
    from omradesbild.pack import PackError, load, place, resolve
    from omradesbild.publish import differences, tables

    shelf = Shelf(place(options.pack))
    try:
        folders = [shelf.find(name) or resolve(name) for name in (options.before, options.after)]
        changes = diff(*(statements.build(load(folder)) for folder in folders))
    except (CollectError, PackError) as error:
        return _failed(error)
    if options.format == "csv":
        _print(tables.to_csv(differences.file_rows(changes), names=differences.headings()))
    else:
        _print(f"{differences.text(changes)}\n".encode())
    return 0


def _restore(options: argparse.Namespace) -> int:
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.shelf import Shelf
    from omradesbild.pack import PackError, place

    folder = place(options.pack)
    if not Shelf.is_one(folder):
        return _failed(f"{folder} har inga versioner. Ange mappen som collect skriver i med --pack.")
    shelf = Shelf(folder)
    if options.version is None:
        for version in shelf.versions():
            print(f"{version.name}  kom {version.arrived:%Y-%m-%d %H:%M}{'  används' if version.used else ''}")
        return 0
    try:
        name = shelf.restore(options.version)
    except (CollectError, PackError) as error:
        return _failed(error)
    print(f"Nu används {name}. Appen visar den inom några sekunder.")
    return 0


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
                print("\n\n".join(staff.described(staff.look(sheet, gazetteer)) for sheet in sheets))
                return 0
            if sheets[0].shapes and layer.is_one(options.mapping):
                return _layer(shelf, content, sheets[0], options.mapping)
            mapping = staff.read_mapping(options.mapping, staff.TableMapping)
            outcome = staff.figures(staff.choose(sheets, mapping, gazetteer), mapping, content, gazetteer)
            if outcome.faults:
                return _failed("\n".join(["tabellen har fel:", *(f"- {fault}" for fault in outcome.faults)]))
            return _added(shelf, content, mapping, outcome)
    except (pack.PackError, CollectError) as error:
        return _failed(error)
    except OSError as error:
        return _failed(f"{error.filename} kan inte läsas eller skrivas ({error.strerror}).")


def _added(shelf: Shelf | None, content: Pack, mapping: TableMapping, outcome: Outcome) -> int:
    """Say what an import changes, and publish the new version where that is asked for."""
    import tempfile

    from omradesbild.analyse import statements
    from omradesbild.collect import addition, staff

    changes = staff.differences(outcome.rows, content, complete=mapping.complete)
    with tempfile.TemporaryDirectory() as folder:
        made = addition.make(content, changes, mapping, date.today().isoformat(), Path(folder) / "pack")
        print("\n".join(staff.counted(changes, outcome, staff.hidden(changes, statements.build(made).frame))))
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

    from omradesbild.collect import layer, staff, tables
    from omradesbild.words import t

    mapping = staff.read_mapping(path, layer.LayerMapping)
    pieces = None
    if mapping.figures:
        file = path.parent / mapping.figures.file
        pieces = tables.read(file.name, file.read_bytes())[0]
    with tempfile.TemporaryDirectory() as folder:
        made = layer.make(content, sheet, mapping, date.today().isoformat(), Path(folder) / "pack", pieces)
        counts = Counter(area.level for area in made.areas.values())
        print("Områden: " + ", ".join(f"{n} {t(f'level.{level}')}" for level, n in counts.items()))
        kept, converted = layer.counted(made)
        print(f"Siffror som behålls om staden: {kept}. Siffror som räknats om till områdena: {converted}.")
        if shelf is None:
            print("Inget skrevs. Ange --out för att skriva en ny version.")
        elif shelf.current() is not None:
            return _failed(f"{shelf.folder} har redan ett paket. Ange en ny mapp för paketet med de nya områdena.")
        else:
            then = "" if pieces else " Läs in siffror om områdena innan appen visar det."
            print(f"Skrev {shelf.publish(made.root)} i {shelf.folder}.{then}")
    return 0


def _publish(options: argparse.Namespace) -> int:
    from omradesbild import pack
    from omradesbild.publish.site import build, editions, settings

    try:
        chosen = settings.load(options.settings) if options.settings else settings.Settings()
        found = build.build(pack.load(pack.resolve(options.pack)), options.out, chosen, progress=_Progress())
    except (pack.PackError, settings.SettingsError, editions.EditionError) as error:
        return _failed(error)
    if found.published:
        print(f"Gav ut {found.name} i {found.folder}: {found.files} filer, varav {found.written} nya eller ändrade.")
    else:
        print(f"{found.folder} visar redan {found.name}. Inget har ändrats.")
    if not chosen.publisher:
        print("Utgivaren är inte ifylld. Ange en fil med --settings; docs/publicera.md visar hur.", file=sys.stderr)
    return 0


class _Progress:
    """Says on standard error how far a long task has come and about how long is left: every tenth, or in place."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._said = -1

    def __call__(self, done: int, total: int, last: str) -> None:
        """Tell that `done` of `total` are done, `last` the last of them."""
        left = (time.monotonic() - self._started) * (total - done) / done
        text = f"{done} av {total} klara, {last}; ungefär {left:.0f} s kvar"
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif 10 * done // total > self._said:
            self._said = 10 * done // total
            print(text, file=sys.stderr, flush=True)


def _serve(options: argparse.Namespace) -> int:
    from omradesbild.publish.site import editions, serve

    try:
        serve.serve(options.folder, options.port)
    except editions.EditionError as error:
        return _failed(error)
    return 0


def _approve(options: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from omradesbild import approval, drafts
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.folder import next_version
    from omradesbild.collect.shelf import Shelf
    from omradesbild.pack import PackError, place
    from omradesbild.publish.report.order import OrderError

    kind, name = options.kind, options.name
    if name is None:
        waiting = drafts.names(kind)
        print("\n".join(waiting) if waiting else "Inga utkast väntar.")
        return 0
    from_file = name.endswith(".json")
    folder, today = place(options.pack), date.today().isoformat()
    versions = Shelf.is_one(folder)
    try:
        content = _drafted(kind, name, from_file)
        if kind == "prioriteringar":
            content = content | {"by": options.by, "published": options.date or today}
        with Shelf(folder).edited() if versions else nullcontext(folder) as root:
            added = approval.approve(root, kind, content)
            if added and versions:
                settings = root / "pack.yaml"
                settings.write_bytes(next_version(settings.read_text("utf-8"), today).encode())
    except (drafts.DraftError, approval.ApprovalError, OrderError, CollectError, PackError, OSError) as error:
        return _failed(error)
    where = approval.FILES[kind] if versions else folder / approval.FILES[kind]
    print(f"Lades till i {where}:\n\n{added}" if added else "Det står redan i katalogen.")
    if not from_file:
        drafts.remove(kind, name)
    if versions:
        print(f"Nu används {Shelf(folder).current().name}.")
    else:
        print("Granska ändringen, och höj version i pack.yaml innan den publiceras.")
    return 0


def _drafted(kind: str, name: str, from_file: bool) -> dict:
    """Return what a draft holds; the file of a list of priorities is the list itself."""
    from omradesbild import drafts
    from omradesbild.publish.report.order import list_from

    if not from_file:
        return drafts.read(kind, name)
    return drafts.from_file(Path(name)) if kind == "insatser" else list_from(_text(Path(name))).model_dump(mode="json")


def _approve_table(options: argparse.Namespace) -> int:
    from omradesbild import drafts, pack
    from omradesbild.collect import intake
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.shelf import Shelf

    if options.name is None:
        print("\n".join(drafts.names(intake.KIND)) or "Inga utkast väntar.")
        return 0
    if options.out is None:
        return _failed("ange mappen med versioner av paketet med --out.")
    from_file = options.name.endswith(".json")
    chosen = options.pack or (str(options.out) if Shelf.is_one(options.out) else None)
    try:
        content = drafts.from_file(Path(options.name)) if from_file else drafts.read(intake.KIND, options.name)
        name = intake.approve(Shelf(options.out), pack.load(pack.resolve(chosen)), content, date.today().isoformat())
        if not from_file:
            drafts.remove(intake.KIND, options.name)
    except (drafts.DraftError, pack.PackError, CollectError) as error:
        return _failed(error)
    print(f"Nu används {name} i {options.out}.")
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


def _report(options: argparse.Namespace) -> int:
    from omradesbild import pack
    from omradesbild.analyse import statements
    from omradesbild.publish import report
    from omradesbild.publish.house import House, HouseError, load
    from omradesbild.publish.report import bundle
    from omradesbild.publish.report.order import OrderError

    try:
        made = statements.build(pack.load(pack.resolve(options.pack)))
        house = load(options.house) if options.house else House()
        if options.each:
            areas = options.areas or report.basic_areas(made)
            orders = [_order(options, [area], made.pack) for area in areas]
            options.out.mkdir(parents=True, exist_ok=True)
            for area, content in bundle.each(made, orders[0], areas, house, options.format, _Progress()):
                (options.out / f"{area.id}.{options.format}").write_bytes(content)
        else:
            progress = _Progress() if len(options.areas) > 1 else report.silent
            document = report.make(made, _order(options, options.areas, made.pack), house, progress)
            options.out.parent.mkdir(parents=True, exist_ok=True)
            options.out.write_bytes(report.FORMATS[options.format](document))
    except (pack.PackError, HouseError, OrderError, OSError) as error:
        return _failed(error)
    print(f"Skrev {options.out}")
    return 0


def _order(options: argparse.Namespace, areas: Sequence[str], content: Pack) -> Order:
    """Return what the options ask for, checked against the pack."""
    from omradesbild.publish.report import order

    initiatives = {i.id: i for i in content.initiatives}
    against = [options.against] if options.against not in order.NO_AREA else []
    asked = (
        ("område", [*areas, *against], content.areas),
        ("indikator", options.indicators, content.indicators),
        ("insats", [options.initiative] if options.initiative else [], initiatives),
    )
    unknown = [_unknown(kind, id_, known) for kind, ids, known in asked for id_ in ids if id_ not in known]
    if unknown:
        raise order.OrderError(" ".join(unknown))
    given = ("template", "since", "until", "against", "initiative", "title", "committee", "reference", "recipient", "lang")
    return order.checked(
        {name: getattr(options, name) for name in given}
        | {"areas": tuple(areas), "indicators": tuple(options.indicators)}
        | {"date": options.date or date.today().isoformat()}
        | {"comments": order.comments_from(_text(options.comments)) if options.comments else {}}
        | {"priorities": _priorities(options.priorities, content) if options.priorities else None}
    )


def _priorities(named: str, content: Pack) -> PriorityList:
    """Return the list of priorities that is meant: a published one by its id, or a saved one by its file."""
    from omradesbild.publish.report.order import OrderError, list_from

    published = {one.id: one.chosen for one in content.priorities}
    if named in published:
        return published[named]
    if not Path(named).is_file():
        tip = f"Publicerade är {', '.join(published)}." if published else "Ingen lista är publicerad."
        raise OrderError(f"{named} är varken en fil eller en publicerad prioriteringslista. {tip}")
    return list_from(_text(Path(named)))


def _text(path: Path) -> str:
    from omradesbild.publish.report.order import OrderError

    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise OrderError(f"{path} är inte text i UTF-8. Spara filen som UTF-8 och försök igen.") from error


def _unknown(kind: str, id_: str, known: Mapping) -> str:
    """Say that an id is not known, and which were perhaps meant: nearly the same id, or that name."""
    names = {_named(entry).casefold(): i for i, entry in known.items()}
    near = get_close_matches(id_.casefold(), [*known, *names], n=3, cutoff=0.5)
    near = list(dict.fromkeys(names.get(text, text) for text in near))
    tip = f"Menade du {' eller '.join(near)}?" if near else f"Det finns {len(known)}, till exempel {next(iter(known))}."
    return f"Okänt id för {kind}: {id_}. {tip}"


def _named(entry: Area | Indicator | Initiative) -> str:
    """Return the Swedish name of something in the catalogue."""
    name = getattr(entry, "name", "") or entry.title
    return getattr(name, "sv", name)


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
