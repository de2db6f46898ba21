"""``publish`` and ``serve``: the public edition as static files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from omradesbild.cli.shared import Progress, failed, pack_option


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands and their options."""
    publish = commands.add_parser("publish", help="ge ut: skriv den publika utgåvan som statiska filer")
    publish.add_argument("--out", type=Path, required=True, metavar="MAPP", help="mappen för utgåvan, den nyaste och alla förra")
    pack_option(publish)
    publish.add_argument("--settings", type=Path, metavar="FIL", help="utgivare, adress och kontakt (YAML)")
    publish.add_argument("--lang", choices=("sv", "en"), default="sv", help="språk för det som hindrar en publicering (förval: sv)")
    publish.set_defaults(run=_publish)

    serve = commands.add_parser("serve", help="visa en utgåva på den här datorn")
    serve.add_argument("folder", type=Path, metavar="MAPP", help="mappen med utgåvan")
    serve.add_argument("--port", type=int, default=8600, help="förval: 8600")
    serve.set_defaults(run=_serve)


def _publish(options: argparse.Namespace) -> int:
    from omradesbild import pack
    from omradesbild.publish.site import build, settings
    from omradesbild.publish.site.refusal import EditionError

    try:
        chosen = settings.load(options.settings) if options.settings else settings.Settings()
        found = build.build(pack.load(pack.resolve(options.pack)), options.out, chosen, progress=Progress())
    except pack.PackError as error:
        return failed(error.report.text(options.lang))
    except EditionError as error:
        return failed(error.text(options.lang))
    if found.published:
        print(f"Gav ut {found.name} i {found.folder}: {found.files} filer, varav {found.written} nya eller ändrade.")
    else:
        print(f"{found.folder} visar redan {found.name}. Inget har ändrats.")
    if not chosen.publisher:
        print("Utgivaren är inte ifylld. Ange en fil med --settings; docs/publicera.md visar hur.", file=sys.stderr)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from omradesbild.publish.site import serve
    from omradesbild.publish.site.refusal import EditionError

    try:
        serve.serve(options.folder, options.port)
    except EditionError as error:
        return failed(error)
    return 0
