"""``convert``: counts of another division's areas, in a table or a pack, on the areas of a pack."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from omradesbild.cli.shared import failed, write

if TYPE_CHECKING:
    from omradesbild.collect.conversion import Converted
    from omradesbild.collect.staff import Found, Outcome, TableMapping
    from omradesbild.collect.tables import Sheet
    from omradesbild.pack import Pack


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command and its options."""
    convert = commands.add_parser("convert", help="räkna om antal från en annan områdesindelning till datapaketets områden")
    convert.add_argument("source", type=Path, metavar="FIL|MAPP", help="en tabell, eller mappen med ett datapaket, med de gamla områdena")
    convert.add_argument("--mapping", type=Path, required=True, metavar="FIL", help="vad kolumnerna betyder, och hur de gamla områdena ligger (YAML)")
    convert.add_argument("--pack", help="paketet med de nya områdena: en mapp, eller demo (förval: det som följer med)")
    convert.add_argument("--out", type=Path, metavar="FIL", help="filen att skriva, CSV (förval: skriv ut den)")
    convert.set_defaults(run=_convert)


def _convert(options: argparse.Namespace) -> int:
    from omradesbild import pack
    from omradesbild.cli.staff import faulty
    from omradesbild.collect import conversion, staff, tables
    from omradesbild.collect.division import Division
    from omradesbild.collect.fault import CollectError

    folder = options.mapping.parent
    try:
        content = pack.load(pack.resolve(options.pack))
        if options.source.is_dir():
            old = pack.load(pack.resolve(str(options.source)))
            division = staff.read_mapping(options.mapping, Division)
            rows, borders = conversion.own(old)
            lies = conversion.overlap(division, content, folder, borders)
            found = conversion.to_new(rows, lies, old.indicators, division.name, content.info.boundary_vintage)
        else:
            mapping = staff.read_mapping(options.mapping, staff.TableMapping)
            if mapping.convert is None:
                return failed("mappningen säger inte hur de gamla områdena ligger. Lägg till convert; docs/importera.md visar hur.")
            sheets = tables.read(options.source.name, options.source.read_bytes())
            _, outcome, found = converted(sheets, mapping, content, folder)
            if found is None:
                return faulty(outcome)
        content_ = written(found)
        if options.out:
            options.out.write_bytes(content_)
            print("\n".join([*told(found), f"Skrev {options.out}"]))
        else:
            write(content_)
    except (pack.PackError, CollectError) as error:
        return failed(error)
    except OSError as error:
        return failed(error)
    return 0


def converted(sheets: Sequence[Sheet], mapping: TableMapping, content: Pack, folder: Path) -> tuple[Found, Outcome, Converted | None]:
    """Return what was found in a table of old areas, its own figures, and those on the pack's areas; None where it has faults."""
    from omradesbild.collect import conversion

    lies = conversion.overlap(mapping.convert, content, folder)
    found, outcome = conversion.table(sheets, mapping, content, lies)
    if outcome.faults:
        return found, outcome, None
    indicators = {**content.indicators, **{i.id: i for i in mapping.indicators}}
    rows = outcome.rows[outcome.rows["area"] != content.info.city]
    return found, outcome, conversion.to_new(rows, lies, indicators, mapping.convert.name, content.info.boundary_vintage)


def told(found: Converted) -> list[str]:
    """Say how figures came about, and that the totals are the same."""
    lines = [found.note, f"Siffror på de nya områdena: {len(found.rows)}. Summan är densamma före och efter i {found.same} av {len(found.totals)} fall."]
    if found.same < len(found.totals):
        lines.append("I de andra saknar något område sin siffra, och då har inte heller det nya området någon.")
    return lines + ([f"{found.left} siffror blev inte av, för att gamla områden i dem inte är med."] if found.left else [])


def written(found: Converted) -> bytes:
    """Write converted figures as a table that ``import`` reads, with the method and the doubt beside each figure."""
    rows = found.rows.rename(columns={"area": "område", "indicator": "mått", "period": "år", "group": "grupp", "value": "värde"})
    rows = rows.rename(columns={"numerator": "täljare", "denominator": "nämnare", "flag": "märke", "source": "källa"})
    rows["från delade områden, procent"] = (100 * found.rows["split"]).round(1)
    rows = rows.drop(columns="split").assign(metod=found.note)
    return b"\xef\xbb\xbf" + rows.to_csv(sep=";", decimal=",", index=False, lineterminator="\n", float_format="%.12g").encode()
