"""The same order for many areas: a document for each, one after another, and all of them in one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

from omradesbild import find
from omradesbild.analyse.statements import Statements
from omradesbild.model import Area
from omradesbild.publish import report
from omradesbild.publish.house import House
from omradesbild.publish.report.office import THEN
from omradesbild.publish.report.order import Order, Progress


def each(
    statements: Statements, order: Order, areas: Iterable[str], house: House, format_: str, progress: Progress
) -> Iterator[tuple[Area, bytes]]:
    """Give each area's document as a file, telling `progress` after each.

    Raises
    ------
    OrderError
        As `report.make`.
    """
    chosen = [statements.pack.areas[area] for area in areas]
    report.check_comments(order, {area.id for area in chosen})
    for n, area in enumerate(chosen, start=1):
        comments = {key: said for key, said in order.comments.items() if key.rpartition("/")[0] in ("", area.id)}
        alone = order.model_copy(update={"areas": (area.id,), "comments": comments})
        document = report.make(statements, alone, house)
        yield area, report.FORMATS[format_](document)
        progress(n, len(chosen), area.name)


def zipped(files: Iterable[tuple[Area, bytes]], format_: str) -> bytes:
    """Put documents in one file, each named after its area; the same documents give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for area, content in files:
            out.writestr(zipfile.ZipInfo(f"{'-'.join([*find.fold(area.name), area.id])}.{format_}", THEN), content)
    return target.getvalue()
