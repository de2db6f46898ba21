"""Measure the app against its budgets and a naive page: ``script/bench [--json FILE] [--only NAME] …``."""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

from bench.report import load, machine, table

BENCHES = ("engine", "scale", "collect", "country_app", "pages", "karta", "start", "weight", "first_load", "readers", "edition", "documents")


def main() -> int:
    """Run the benchmarks; return 1 only with --strict and a missed budget."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here")
    parser.add_argument("--only", action="append", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--seconds", type=float, default=60, help="how long the crowd of readers stays")
    parser.add_argument("--runs", type=int, default=3, help="browser visits to take the median of")
    parser.add_argument("--strict", action="store_true", help="fail when a budget is missed")
    options = parser.parse_args()

    rows, about = [], machine()
    for name in options.only or BENCHES:
        before = load()
        found = import_module(f"bench.{name}").run(options)
        rows += found
        print(f"{table(found)}\n(load {before:.1f} before, {load():.1f} after)", flush=True)
        errors = {error: times for row in found for error, times in row.detail.get("errors", {}).items()}
        print(*(f"{times} × {error}" for error, times in errors.items()), "", sep="\n", flush=True)
    missed = [row for row in rows if row.verdict == "over"]
    print(f"{sum(row.verdict == 'OK' for row in rows)} budgets kept, {len(missed)} missed")
    if options.json:
        numbers = {"machine": about, "rows": [row.as_dict() for row in rows]}
        options.json.write_text(json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
    return int(options.strict and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
