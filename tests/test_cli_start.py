"""The command line begins at once: what a command needs is imported when it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_no_command_waits_for_what_another_needs() -> None:
    said = "import sys; from omradesbild.cli import _parser; _parser(); print(*{'pandas', 'scipy', 'numpy', 'yaml'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
