"""Charts of the validation in the colours of the house, told apart by marker and line style too."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure

TEXT, SECOND, HAIRLINE, BAND = "#1B1F24", "#4A5058", "#D7E3EA", "#EAF2F6"
COLOURS = ("#0B5FA5", "#B34700", "#00705C", "#8A3E86", "#C0223B", "#5B5B00")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)))

STYLE = {
    "svg.hashsalt": "omradesbild",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["Source Sans 3", "Source Sans Pro", "DejaVu Sans"],
    "font.size": 10,
    "text.color": TEXT,
    "axes.labelcolor": SECOND,
    "axes.edgecolor": SECOND,
    "xtick.color": SECOND,
    "ytick.color": SECOND,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": HAIRLINE,
    "legend.frameon": False,
}
matplotlib.rcParams.update(STYLE)


def sheet(columns: int = 1, **more) -> tuple[Figure, list[Axes]]:
    """Return a figure with axes beside each other."""
    figure = Figure(figsize=(7.2, 3.4), layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False, **more)[0]
    return figure, list(axes)


def line(axes: Axes, number: int, x, y, label: str) -> None:
    """Draw the line with a number: its own colour, marker and style."""
    axes.plot(
        x,
        y,
        color=COLOURS[number],
        marker=MARKERS[number],
        linestyle=LINES[number],
        markersize=4,
        linewidth=1.6,
        label=label,
    )


def target(axes: Axes, low: float, high: float) -> None:
    """Mark the promised range as a pale band between two thin lines."""
    axes.axhspan(low, high, color=BAND, zorder=0)
    for level in (low, high):
        axes.axhline(level, color=SECOND, linewidth=0.8, zorder=0)
