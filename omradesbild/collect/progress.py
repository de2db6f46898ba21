"""Says how far a long task has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO


class Meter:
    """Says on a stream what is being done, how far it has come and about how long is left.

    In place on a terminal, else at every tenth. A new number of parts begins a new task.
    """

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream or sys.stderr, clock
        self._of, self._said, self._started = 0, -1, clock()

    def step(self, what: str, done: int, of: int) -> None:
        """Tell that `done` of `of` parts are done, `what` the last of them."""
        if of != self._of or done == 1:
            self._of, self._said, self._started = of, -1, self._clock()
        text = f"{done} av {of} klara, {what}"
        if done > 1:
            text += f"; ungefär {(self._clock() - self._started) * (of - done) / (done - 1):.0f} s kvar"
        if self._stream.isatty():
            print(f"\r\x1b[K{text}", end="\n" if done == of else "", file=self._stream, flush=True)
        elif 10 * done // of > self._said:
            self._said = 10 * done // of
            print(text, file=self._stream, flush=True)
