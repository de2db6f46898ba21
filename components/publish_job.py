"""One publishing at a time, in a process of its own, so that the app stays quick while it goes on."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from omradesbild.cli.shared import FAILED

PROGRAM = Path(__file__).resolve().parent.parent
_PROGRESS = re.compile(r"(\d+) av (\d+) klara")


@dataclass
class Job:
    """A publishing: how far it has come, and what went wrong. `ok` is None while it goes on."""

    folder: Path
    done: int = 0
    total: int = 0
    said: str = ""
    ok: bool | None = None


_lock = threading.Lock()
_job: Job | None = None


def current() -> Job | None:
    """Return the publishing that goes on or ended last since the server started."""
    return _job


def start(folder: Path, pack: Path, settings: Path | None, lang: str) -> bool:
    """Begin to publish, with what hinders it told in `lang`; False where one goes on already."""
    global _job
    command = [sys.executable, "-m", "omradesbild", "publish", "--out", str(folder), "--pack", str(pack), "--lang", lang]
    command += ["--settings", str(settings)] if settings else []
    with _lock:
        if _job is not None and _job.ok is None:
            return False
        _job = Job(folder)
    threading.Thread(target=_run, args=(_job, command), name="publish", daemon=True).start()
    return True


def _run(job: Job, command: list[str]) -> None:
    """Publish; however that ends, the job has ended."""
    problems: list[str] = []
    ok = False
    try:
        with subprocess.Popen(
            command, cwd=PROGRAM, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
        ) as process:
            for line in process.stderr:
                if found := _PROGRESS.search(line):
                    job.done, job.total = map(int, found.groups())
                else:
                    problems.append(line.strip().removeprefix(FAILED))
        ok = process.returncode == 0
        job.said = "" if ok else "\n".join(problems[-3:])
    except Exception:  # such as a machine that has no room for one more process
        logging.getLogger(__name__).exception("a publishing could not be carried through")
    finally:
        job.ok = ok
