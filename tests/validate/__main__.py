"""Rebuild the report on what the methods can do: ``script/validate [--out DIR] [--quick] [--only NAME]``."""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from validate import golden
from validate.report import verdict, write

PARTS = ("intervals", "discoveries", "power", "uneven", "ranks", "followed")


def main() -> int:
    """Run the simulations and write the page; return 1 only with --strict and a missed promise."""
    parser = argparse.ArgumentParser(prog="script/validate", description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=Path("docs"), metavar="DIR", help="where validation.md is written"
    )
    parser.add_argument("--quick", action="store_true", help="fewer runs: about half a minute")
    parser.add_argument(
        "--only", action="append", choices=PARTS, metavar="NAME", help="do not write; " + ", ".join(PARTS)
    )
    parser.add_argument("--strict", action="store_true", help="fail when a promise is missed")
    options = parser.parse_args()

    parts = []
    for name in options.only or PARTS:
        start = time.perf_counter()
        parts.append(import_module(f"validate.{name}").run(options.quick))
        print(f"{parts[-1].title}: {time.perf_counter() - start:.0f} s", flush=True)
        for claim in parts[-1].claims:
            print(f"  {verdict(claim):>10}  {claim.promise}: {claim.found}", flush=True)
        if options.only:
            print(*(table.markdown() for table in parts[-1].tables), sep="\n\n")
    if not options.only:
        write(parts, golden.tally(), options.out)
        print(f"{options.out / 'validation.md'} is written")
    return int(options.strict and not all(claim.holds for part in parts for claim in part.claims))


if __name__ == "__main__":
    sys.exit(main())
