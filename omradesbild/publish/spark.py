"""A sparkline: the way a figure has gone, small enough to stand in a table row."""

from __future__ import annotations

from collections.abc import Sequence

from omradesbild.analyse.statements import Segment
from omradesbild.publish import style

WIDTH, HEIGHT, MARGIN = 96, 24, 3


def sparkline(segments: Sequence[Segment], least: float = 0.0) -> str:
    """Draw a series as a small SVG that is read on light and dark ground; nothing with fewer than two points.

    A break in the series is a gap. The picture is decoration: the figures stand in the table. Its height is
    at least `least`, in the figure's unit, so that what is hardly a change does not look like one.
    """
    known = [[(float(p.period[:4]), p.value) for p in s.points if p.value is not None] for s in segments]
    points = [point for part in known for point in part]
    if len(points) < 2:
        return ""
    first, last = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    room = max(0.0, least - (high - low)) / 2
    low, high = low - room, high + room

    def place(x: float, y: float) -> tuple[str, str]:
        across = MARGIN + (WIDTH - 2 * MARGIN) * (x - first) / ((last - first) or 1)
        down = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * ((y - low) / (high - low) if high > low else 0.5)
        return f"{across:.1f}", f"{down:.1f}"

    lines = "".join(
        f'<polyline points="{" ".join(",".join(place(*p)) for p in part)}"/>' for part in known if len(part) > 1
    )
    lone = [part[0] for part in known if len(part) == 1] + [points[-1]]
    dots = "".join(
        '<circle cx="{}" cy="{}" r="2"/>'.format(*place(*p)) for p in lone
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<g fill="none" stroke="{style.HINT}" stroke-width="1.5">{lines}</g>'
        f'<g fill="{style.HINT}">{dots}</g></svg>'
    )
