"""Work that two processes share: each takes a handful at a time, and gives its memory back after it.

The processes are copies of this one (fork), so that nothing is sent to them and what they only read costs no memory.
Where the system cannot copy a process safely the work is done here, with the same result.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import TypeVar

Task, Result = TypeVar("Task"), TypeVar("Result")

#: How many tasks a process does before it ends; what it has remembered of them ends with it.
HANDFUL = 6


class WorkerError(Exception):
    """A process ended before its work, such as when the machine's memory is out; with its exit code."""


def shared(tasks: Sequence[Task], work: Callable[[Task], Result], processes: int = 2) -> Iterator[tuple[Task, Result]]:
    """Give each task with its result, in the order in which they are ready.

    Raises
    ------
    WorkerError
        If a process ends without a word. An exception of `work` is raised as it is.
    """
    if processes < 2 or not sys.platform.startswith("linux"):
        yield from ((task, work(task)) for task in tasks)
        return
    waiting = [range(start, min(start + HANDFUL, len(tasks))) for start in range(0, len(tasks), HANDFUL)]
    running: dict[Connection, multiprocessing.Process] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                running |= _started(tasks, waiting.pop(0), work)
            for reader in wait(list(running)):
                try:
                    place, result, error = reader.recv()
                except EOFError:
                    _ended(running.pop(reader))
                    continue
                if error is not None:
                    raise error
                yield tasks[place], result
    finally:
        for process in running.values():
            process.kill()
            process.join()


def _started(tasks: Sequence, places: range, work: Callable) -> dict[Connection, multiprocessing.Process]:
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(tasks, places, work, reader, writer), daemon=True)
    process.start()
    writer.close()
    return {reader: process}


def _do(tasks: Sequence, places: range, work: Callable, reader: Connection, writer: Connection) -> None:
    """Do a handful of tasks; stop as soon as nobody listens any longer."""
    reader.close()
    parent = os.getppid()
    for place in places:
        try:
            answer = place, work(tasks[place]), None
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = place, None, error
        if os.getppid() != parent:
            os._exit(1)
        writer.send(answer)


def _ended(process: multiprocessing.Process) -> None:
    process.join()
    if process.exitcode:
        raise WorkerError(process.exitcode)
