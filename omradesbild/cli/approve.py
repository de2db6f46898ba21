"""``approve``: what somebody has drafted becomes part of the pack."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from omradesbild.cli.shared import failed, pack_option, text_of


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command, its kinds and their options."""
    approve = commands.add_parser("approve", help="godkänn ett utkast: granska det och lägg det i datapaketets katalog")
    kinds = approve.add_subparsers(required=True, metavar="slag")
    initiatives = kinds.add_parser("insatser", help="en insats till registret; utan namn listas de utkast som väntar")
    lists = kinds.add_parser("prioriteringar", help="en lista att publicera; utan namn listas de som är sparade")
    lists.add_argument("--by", default="", metavar="TEXT", help="vem som har beslutat att listan publiceras, till exempel nämnden")
    lists.add_argument("--date", metavar="ÅÅÅÅ-MM-DD", help="beslutets datum (förval: i dag)")
    for kind, parser_ in (("insatser", initiatives), ("prioriteringar", lists)):
        parser_.add_argument("name", nargs="?", help="utkastets namn, eller en fil som hämtats ur appen (.json)")
        pack_option(parser_)
        parser_.set_defaults(run=_approve, kind=kind)
    brought = kinds.add_parser("tabeller", help="en tabell som någon har lämnat; utan nyckel listas de utkast som väntar")
    brought.add_argument("name", nargs="?", metavar="nyckel", help="utkastets nyckel, eller en fil som hämtats ur appen (.json)")
    brought.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som används i --out, annars det som följer med)")
    brought.add_argument("--out", type=Path, metavar="MAPP", help="mappen med versioner av paketet, där en ny läggs")
    brought.set_defaults(run=_approve_table)


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
        return failed(error)
    where = approval.FILES[kind] if versions else folder / approval.FILES[kind]
    print(f"Lades till i {where}:\n\n{added}" if added else "Det står redan i katalogen.")
    if not from_file:
        _removed(kind, name)
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
    return drafts.from_file(Path(name)) if kind == "insatser" else list_from(text_of(Path(name))).model_dump(mode="json")


def _removed(kind: str, name: str) -> None:
    """Remove a draft that has been approved; that it cannot be removed undoes nothing."""
    from omradesbild import drafts

    try:
        drafts.remove(kind, name)
    except drafts.DraftError as error:
        print(error)


def _approve_table(options: argparse.Namespace) -> int:
    from omradesbild import drafts, pack
    from omradesbild.collect import intake
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.shelf import Shelf

    if options.name is None:
        waiting = (f"{key}  {intake.name_of(drafts.read(intake.KIND, key))}" for key in drafts.names(intake.KIND))
        print("\n".join(waiting) or "Inga utkast väntar.")
        return 0
    if options.out is None:
        return failed("ange mappen med versioner av paketet med --out.")
    from_file = options.name.endswith(".json")
    chosen = options.pack or (str(options.out) if Shelf.is_one(options.out) else None)
    try:
        content = drafts.from_file(Path(options.name)) if from_file else drafts.read(intake.KIND, options.name)
        name = intake.approve(Shelf(options.out), pack.load(pack.resolve(chosen)), content, date.today().isoformat())
    except (drafts.DraftError, pack.PackError, CollectError) as error:
        return failed(error)
    if not from_file:
        _removed(intake.KIND, options.name)
    print(f"Nu används {name} i {options.out}.")
    return 0
