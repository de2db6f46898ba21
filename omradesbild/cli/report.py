"""``report``: a document for a meeting."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from omradesbild.cli.shared import Progress, failed, id_list, pack_option, text_of, unknown
from omradesbild.model import TEMPLATES

if TYPE_CHECKING:
    from omradesbild.model import PriorityList
    from omradesbild.pack import Pack
    from omradesbild.publish.report.order import Order


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command and its options."""
    report = commands.add_parser("report", help="skriv ett mötesunderlag som fil")
    report.add_argument("--template", choices=TEMPLATES, required=True, help="slag av underlag")
    report.add_argument("--areas", type=id_list, default=[], metavar="ID,…", help="områdens id")
    report.add_argument("--format", default="", help="förval: det som filens namn slutar på, annars pdf")
    report.add_argument("--out", type=Path, required=True, help="filen, eller med --each mappen, att skriva")
    report.add_argument("--each", action="store_true", help="ett underlag per område; utan --areas alla grundområden, i Malmö RegSO")
    report.add_argument("--indicators", type=id_list, default=[], metavar="ID,…", help="indikatorers id (förval: mallens val)")
    report.add_argument("--since", default="", metavar="ÅR", help="första året bland siffrorna")
    report.add_argument("--until", default="", metavar="ÅR", help="sista året bland siffrorna")
    report.add_argument("--against", default="", metavar="ID", help="jämför med ett område, eller tidigare (år), i stället för det övriga")
    report.add_argument("--priorities", default="", metavar="ID|FIL", help="en publicerad prioriteringslista, eller en sparad (.json)")
    report.add_argument("--initiative", default="", metavar="ID", help="insatsen som ska följas upp")
    report.add_argument("--comments", type=Path, metavar="FIL", help="egna kommentarer per avsnitt (YAML eller JSON)")
    texts = {"title": "rubrik", "committee": "nämnd", "reference": "diarienummer", "recipient": "mottagare"}
    for name, said in texts.items():
        report.add_argument(f"--{name}", default="", metavar="TEXT", help=said)
    report.add_argument("--date", metavar="ÅÅÅÅ-MM-DD", help="underlagets datum (förval: i dag)")
    report.add_argument("--house", type=Path, metavar="FIL", help="kommunens namn, logotyp, färg och typsnitt (YAML)")
    report.add_argument("--lang", choices=("sv", "en"), default="sv", help="språk (förval: sv)")
    pack_option(report)
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from omradesbild import pack
    from omradesbild.analyse import statements
    from omradesbild.publish import report
    from omradesbild.publish.house import House, HouseError, load
    from omradesbild.publish.report import bundle
    from omradesbild.publish.report.order import OrderError
    from omradesbild.words import t

    try:
        format_ = _format(options, tuple(report.FORMATS))
        _each(options, tuple(report.FORMATS))
        made = statements.build(pack.load(pack.resolve(options.pack)))
        house = load(options.house) if options.house else House()
        if options.each:
            areas = options.areas or report.basic_areas(made)
            orders = [_order(options, [area], made.pack) for area in areas]
            options.out.mkdir(parents=True, exist_ok=True)
            for area, content in bundle.each(made, orders[0], areas, house, format_, Progress()):
                (options.out / f"{area.id}.{format_}").write_bytes(content)
        else:
            several = len(options.areas) > 1
            told = [Progress(), Progress()] if several else [report.silent] * 2
            order = _order(options, options.areas, made.pack)
            options.out.parent.mkdir(parents=True, exist_ok=True)
            document = report.make(made, order, house, told[0])
            if several and format_ == "pdf":  # is set as a whole: nobody can tell how far that has come
                print(t("order.setting", "sv"), file=sys.stderr, flush=True)
            options.out.write_bytes(report.FORMATS[format_](document, told[1]))
            if not document.rests_on:
                print(t("order.no_figures", "sv"), file=sys.stderr)
    except (pack.PackError, HouseError, OrderError, OSError) as error:
        return failed(error)
    print(f"Skrev {options.out}")
    return 0


def _format(options: argparse.Namespace, known: Sequence[str]) -> str:
    """Return the format to write: the one asked for, or what the file's name ends with; the two must agree."""
    from omradesbild.publish.report.order import OrderError

    end = "" if options.each else options.out.suffix.lower().removeprefix(".")
    if options.format and options.format not in known:
        raise OrderError(f"--format {options.format} finns inte. Ange något av {', '.join(known)}.")
    if not options.format and end and end not in known:
        raise OrderError(f"{options.out} slutar inte på något av {', '.join(known)}. Byt namn på filen, eller ange --format.")
    if options.format and end in known and end != options.format:
        raise OrderError(f"{options.out} slutar på {end}, men formatet är {options.format}. Byt namn på filen, eller utelämna --format.")
    return options.format or end or "pdf"


def _each(options: argparse.Namespace, endings: Sequence[str]) -> None:
    """Check that a document for each area is one that an area alone can have, and goes into a folder."""
    from omradesbild.publish.report.order import SINGLE, OrderError

    if options.each and options.template not in SINGLE:
        raise OrderError(f"Mallen {options.template} handlar inte om ett område i taget. Utelämna --each.")
    if options.each and options.priorities:
        raise OrderError("En prioriteringslista säger själv vilka områden den gäller. Utelämna --each eller --priorities.")
    if options.each and options.out.suffix.lower().removeprefix(".") in endings:
        raise OrderError(f"{options.out} är namnet på en fil. Ange en mapp när --each är med, till exempel {options.out.with_suffix('')}.")


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
    if strange := unknown(asked):
        raise order.OrderError(strange)
    if options.template == "insats" and areas and not options.initiative:
        raise order.OrderError(_initiatives(areas, content))
    if not options.each and against and against == list(areas):
        raise order.OrderError(f"{areas[0]} kan inte jämföras med sig självt. Ange ett annat område, eller utelämna --against.")
    given = ("template", "since", "until", "against", "initiative", "title", "committee", "reference", "recipient", "lang")
    return order.checked(
        {name: getattr(options, name) for name in given}
        | {"areas": tuple(areas), "indicators": tuple(options.indicators)}
        | {"date": options.date or date.today().isoformat()}
        | {"comments": order.comments_from(text_of(options.comments)) if options.comments else {}}
        | {"priorities": _priorities(options.priorities, content) if options.priorities else None}
    )


def _initiatives(areas: Sequence[str], content: Pack) -> str:
    """Say that an initiative is needed, and which of those in the register name any of the areas, a part or the whole of one."""
    ground = {member for a in areas for member in content.areas[a].members or (a,)}
    there = [i.id for i in content.initiatives if any(ground & {a, *content.areas[a].members} for a in i.areas)]
    found = f"De här berör områdena: {', '.join(there)}." if there else "Ingen i registret nämner områdena."
    return f"Mallen insats behöver en insats (--initiative) i stället för områden (--areas). {found}"


def _priorities(named: str, content: Pack) -> PriorityList:
    """Return the list of priorities that is meant: a published one by its id, or a saved one by its file."""
    from omradesbild.publish.report.order import OrderError, list_from

    published = {one.id: one.chosen for one in content.priorities}
    if named in published:
        return published[named]
    if not Path(named).is_file():
        tip = f"Publicerade är {', '.join(published)}." if published else "Ingen lista är publicerad."
        raise OrderError(f"{named} är varken en fil eller en publicerad prioriteringslista. {tip}")
    return list_from(text_of(Path(named)))
