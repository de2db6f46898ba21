"""What the engine needs by itself, without a server: reading the pack, computing, saying what a page says."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from bench.report import Row

REPEATS = 5


def run(_options) -> list[Row]:
    """Time the parts that every start and every page rests on; medians of `REPEATS`."""
    from omradesbild import pack as packs
    from omradesbild.analyse import statements as analyse
    from omradesbild.publish import choropleth, report, shapes, summary
    from omradesbild.publish.report.order import Order

    root = packs.resolve(None)
    pack = packs.load(root)
    said = analyse.build(pack)
    level = pack.info.base_level
    mapped = [i for i in pack.indicators.values() if i.mapped and said.periods(i.id, level)]
    area = next(a for a in pack.areas.values() if a.members)
    order = Order(template="omradesunderlag", areas=(area.id,), date="2026-01-01")
    document = report.make(said, order)

    def maps() -> None:
        for indicator in mapped:
            period = said.latest(indicator.id, level, indicator.default_group)
            if period:
                choropleth.picture(said, indicator, period, indicator.default_group, lang="sv")

    def one_area() -> None:
        for indicator in pack.indicators.values():
            said.series(area.id, indicator.id, indicator.default_group)

    def paper(*areas: str) -> None:
        for id_ in areas:
            report.FORMATS["pdf"](report.make(said, order.model_copy(update={"areas": (id_,)})))

    parts: dict[str, tuple[Callable, int]] = {
        "load and check the pack": (lambda: packs.load(root), 1),
        "compute all statements": (lambda: analyse.build(pack), 1),
        "project and simplify the shapes": (lambda: shapes.shapes(pack), 1),
        "what a map says": (maps, len(mapped)),
        "what an area's page says": (one_area, 1),
        "the city in short": (lambda: summary.city_sentences(said, "sv"), 1),
        **{
            f"a document about an area as {name}": (partial(write, document), 1)
            for name, write in report.FORMATS.items()
        },
    }
    rows = [Row("engine", name, *_timed(work, share)) for name, (work, share) in parts.items()]
    papers = (
        ("a four-page PDF, made and set", partial(paper, area.id), 1000),
        ("a PDF of every basic area", partial(paper, *report.basic_areas(said)), 30_000),
    )
    return rows + [Row("engine", name, *_timed(work, 1), budget=budget) for name, work, budget in papers]


def _timed(work: Callable, share: int) -> tuple[float, str]:
    """Return milliseconds per piece of work, and the unit."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * median(times) / share, "ms"
