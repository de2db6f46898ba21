"""One source's part of a run: it is asked for what the store does not hold since the run began, and the answers are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from omradesbild.collect.store import About, Snapshot, Store

if TYPE_CHECKING:
    from omradesbild.collect.client import Answer, Client
    from omradesbild.collect.plan import Address


class Fetching:
    """Asks a source where its plan says, within its limit, and puts the answers in the store under its name.

    Parameters
    ----------
    source
        The source's name.
    settings
        Its plan: address, limit and licence.
    today
        When the run began, ISO text.
    """

    def __init__(self, source: str, settings: Address, store: Store, client: Client, today: str) -> None:
        self._source, self._settings, self._store, self._client, self._today = source, settings, store, client, today
        self._url = client.base(source, settings.base_url)
        self._pace = client.pace(source, settings.limit)

    def fresh(self, name: str) -> Snapshot | None:
        """Return the answer under a name if this run has fetched it."""
        return self._store.fresh(self._source, name, self._today)

    def ask(self, path: str, query: Mapping[str, str] | None = None, **more) -> Answer:
        """Return what the source answers at a path below its address; `more` as for ``Client.ask``."""
        return self._client.ask(self._pace, self._url + path, query, **more)

    def put(self, name: str, answer: Answer, *, kind: str = "", updated: str = "", notes: tuple[str, ...] = ()) -> Snapshot:
        """Keep an answer; `kind` is what it was found to be, where its content type does not say."""
        about = About(
            source=self._source, address=answer.address, query=answer.query, retrieved=self._today,
            licence=self._settings.licence, content_type=kind or answer.content_type, updated=updated, notes=notes,
        )  # fmt: skip
        return self._store.put(name, answer.content, about)

    def kept(
        self, name: str, path: str, query: Mapping[str, str] | None = None, *, check: Callable[[bytes, str], object]
    ) -> Snapshot:
        """Return the answer under a name, asked for unless this run has it already.

        `check` is given the content and its address, and raises what is wrong with it; that is not kept.
        """
        if found := self.fresh(name):
            return found
        answer = self.ask(path, query)
        check(answer.content, answer.address)
        return self.put(name, answer)

    def tighten(self, limit) -> None:
        """Keep to a limit that the source itself says, too."""
        self._pace.tighten(limit)
