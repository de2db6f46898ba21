"""What a part of the validation found, and the page that is made of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matplotlib.figure import Figure

#: Standard errors of the simulation itself that a found share may lie beyond its target.
MARGIN = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """One promise and what was found. `key` names it in the tests."""

    key: str
    promise: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [self.headings, ("---",) * len(self.headings), *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart with its file name and what it shows, in a sentence."""

    name: str
    alt: str
    figure: Figure


@dataclass(frozen=True)
class Part:
    """A part of the report.

    Attributes
    ----------
    title : str
    how : str
        What was simulated.
    claims : tuple of Claim
    tables : tuple of Table
    plots : tuple of Plot
    remarks : tuple of str
        What does not follow from the numbers alone, limits among them.
    """

    title: str
    how: str
    claims: tuple[Claim, ...]
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()
    remarks: tuple[str, ...] = field(default=())

    def markdown(self, images: str) -> str:
        """Return the part as Markdown; plots lie in the folder `images`."""
        claims = Table(("promise", "found", ""), tuple((c.promise, c.found, verdict(c)) for c in self.claims))
        blocks = [f"## {self.title}", self.how, claims.markdown()]
        blocks += [f"![{plot.alt}]({images}/{plot.name})" for plot in self.plots]
        blocks += [table.markdown() for table in self.tables]
        return "\n\n".join([*blocks, *self.remarks])


def verdict(claim: Claim) -> str:
    """Return ``kept`` or ``**missed**``."""
    return "kept" if claim.holds else "**missed**"


def percent(share: float, decimals: int = 1) -> str:
    """Return a share as per cent."""
    return f"{100 * share:.{decimals}f} %"


def margin(limit: float, runs: int) -> float:
    """Return how far chance in `runs` independent runs may take a share from its `limit`."""
    return MARGIN * math.sqrt(limit * (1 - limit) / runs)


def at_most(key: str, promise: str, share: float, runs: int, limit: float = 0.05) -> Claim:
    """Return the claim that a share found in `runs` independent runs is at most `limit`."""
    found = f"{percent(share, 2)} of {runs}"
    return Claim(key, promise, found, share <= limit + margin(limit, runs))


def within(key: str, promise: str, share: float, low: float, high: float, runs: int = 0) -> Claim:
    """Return the claim that a share is between two limits; `runs` 0: it is computed, not simulated."""
    slack = margin(0.95, runs) if runs else 0.0
    text = percent(share) + (f" of {runs}" if runs else "")
    return Claim(key, promise, text, low - slack <= share <= high + slack)


def write(parts: Sequence[Part], tally: Table, out: Path) -> None:
    """Write validation.md and its plots below a folder."""
    images = out / "images"
    images.mkdir(parents=True, exist_ok=True)
    for plot in (plot for part in parts for plot in part.plots):
        plot.figure.savefig(images / plot.name, metadata={"Date": None})
    missed = [claim for part in parts for claim in part.claims if not claim.holds]
    count = sum(len(part.claims) for part in parts)
    page = [HEAD.format(count=count, kept=count - len(missed)), _missed(missed)]
    page += [part.markdown(images.name) for part in parts]
    page += ["## Golden numbers", GOLDEN, tally.markdown()]
    (out / "validation.md").write_text("\n\n".join(page) + "\n", encoding="utf-8")


def _missed(missed: Sequence[Claim]) -> str:
    if not missed:
        return "No promise is missed."
    return "Missed:\n\n" + "\n".join(f"- {claim.promise}: {claim.found}" for claim in missed)


HEAD = """# Validation

Does the engine keep what it promises? Here it is put to cities whose truth is known, because it was made up.
`script/validate` rebuilds this page, with the same seeds and so the same numbers; `--quick` does it with fewer runs, and
`tests/test_validation.py` asserts the same promises with each test run. A share found by simulation may lie two of the simulation's own
standard errors beyond its target. {kept} of {count} promises are kept."""

GOLDEN = """Numbers that others have published, or that other programs have printed, and that the engine must reproduce:
`tests/golden/statistics.csv`, read by `tests/analyse/test_golden.py`. Comparisons with a library in the same test run
(statsmodels, scipy, esda, segregation, pysyncon) come on top and are not counted."""
