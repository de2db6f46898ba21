"""``collect``: figures from the sources, as a new version of a pack."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from omradesbild.cli.shared import failed


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command and its options."""
    collect = commands.add_parser("collect", help="samla in siffror från källorna till en ny version av datapaketet")
    collect.add_argument("sources", nargs="*", metavar="KÄLLA", help="scb, scb-bulk, scb-geo, kolada, malmo, polisen, transcribed "
                         "eller boundaries (förval: scb kolada)")
    collect.add_argument("--kommun", default="1280", help="kommunkod med fyra siffror, eller all (förval: 1280)")
    collect.add_argument("--out", type=Path, metavar="MAPP", help="mappen för datapaketets versioner")
    collect.add_argument("--base-url", action="append", default=[], metavar="KÄLLA=ADRESS", help="fråga en annan adress")
    collect.add_argument("--offline", action="store_true", help="fråga ingen: använd svaren som redan är hämtade")
    collect.add_argument("--wait", action="store_true", help="låt den nya versionen vänta på att någon godkänner den")
    collect.set_defaults(run=_collect)


def _collect(options: argparse.Namespace) -> int:
    from omradesbild.collect import pipeline
    from omradesbild.collect.fault import CollectError
    from omradesbild.pack import PackError

    try:
        if options.sources == ["boundaries"]:
            return _boundaries(options.kommun, options.out)
        pipeline.known(options.sources)
        if options.out is None:
            return _rebuilt(options.sources)
        return _collected(options)
    except (CollectError, PackError) as error:
        return failed(error)


def _collected(options: argparse.Namespace) -> int:
    """Collect into a shelf and say what came."""
    from datetime import datetime

    from omradesbild.collect import pipeline
    from omradesbild.collect.client import Client
    from omradesbild.collect.fault import CollectError
    from omradesbild.collect.progress import Meter

    bases = dict(entry.partition("=")[::2] for entry in options.base_url)
    if wrong := [name for name, url in bases.items() if not url.startswith(("http://", "https://"))]:
        raise CollectError("--base-url", f"”{wrong[0]}”", "KÄLLA=ADRESS", "Skriv till exempel --base-url scb=http://localhost:8000")
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    outcome = pipeline.collect(
        options.sources or ["scb", "kolada"], options.out, kommun=options.kommun, now=now,
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
        return failed(error)
    return 0
