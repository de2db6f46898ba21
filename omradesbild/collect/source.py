"""What a source is: something that can be fetched over the network, and read without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from omradesbild.collect.client import Client
    from omradesbild.collect.plan import Plan
    from omradesbild.collect.store import Store
    from omradesbild.model import Source as Entry


class Progress(Protocol):
    """Is told how far a source has come; may stop it by raising."""

    def step(self, what: str, done: int, of: int) -> None:
        """Tell that `done` of `of` parts of `what` are done."""


class Source(Protocol):
    """A place that figures, areas or borders come from. docs/collect.md shows how to add one."""

    name: str

    def fetch(self, plan: Plan, store: Store, client: Client, progress: Progress, today: str) -> None:
        """Ask the source and put its answers in the store.

        What the store holds since `today`, when this run began (ISO text), is not asked for again, so that an
        interrupted run goes on where it was.

        Raises
        ------
        CollectError
            If an answer cannot be had, or is not what was asked for.
        """

    def read(self, plan: Plan, store: Store) -> Iterator[pd.DataFrame]:
        """Read the answers in the store as readings (``readings.COLUMNS``), a table at a time.

        Needs no network and no clock: the same store gives the same readings.

        Raises
        ------
        CollectError
            If an answer is missing or cannot be read.
        """

    def entries(self, plan: Plan, store: Store) -> Iterator[Entry]:
        """Return the entries of the pack's ``sources.yaml`` that the readings' ``source`` names."""
