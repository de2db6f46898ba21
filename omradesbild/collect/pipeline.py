"""The whole way from sources to a version of a pack: fetch, read, normalise, correct, check, publish.

A run starts from the pack that is used (the embedded one the first time) and gives a new version where anything is new.
Everything after the fetching needs neither network nor clock: the same answers give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import yaml

from omradesbild import disk
from omradesbild.collect import corrections, folder, recipes, rules, seams, sums
from omradesbild.collect.client import Client
from omradesbild.collect.fault import CollectError
from omradesbild.collect.normalise import from_counts, gather, summable
from omradesbild.collect.plan import ALL, Plan
from omradesbild.collect.recipes import Recipes
from omradesbild.collect.shelf import Shelf
from omradesbild.collect.source import Progress
from omradesbild.collect.sources import SOURCES
from omradesbild.collect.sources.scb import Scb
from omradesbild.collect.sources.scb_geo import ScbGeo, Settings
from omradesbild.collect.sources.transcribed import Transcribed
from omradesbild.collect.store import Store
from omradesbild.model import Source
from omradesbild.pack import CORRECTIONS, PackError, load
from omradesbild.reader import Loader

EMBEDDED = Path(__file__).resolve().parents[2] / "data"
#: What a version was made of: the sources' answers by checksum, and the rules that were followed.
MADE_OF = "collected.yaml"
SNAPSHOTS = "snapshots"


@dataclass(frozen=True)
class Outcome:
    """What a run gave.

    Attributes
    ----------
    version
        The name of the version that was made, or of the one in use where nothing is new.
    new
        Whether anything is new.
    figures
        How many figures the sources gave.
    unused
        Variables that were read and that no recipe uses.
    remarks
        What was corrected, and what the rules noticed without refusing it, in Swedish.
    """

    version: str
    new: bool
    figures: int = 0
    unused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def collect(
    names: Sequence[str], out: Path, *, kommun: str, now: str, client: Client | None, progress: Progress, wait: bool = False
) -> Outcome:
    """Collect sources into the shelf in `out`.

    Parameters
    ----------
    names
        Sources, of ``SOURCES``.
    kommun
        Four digits, or ``all``.
    now
        When the run began, ISO text. A run of the same day that was interrupted goes on where it was.
    client
        Asks the sources; None: nothing is asked for, and what the store holds is read.
    wait
        Whether a new version waits for a person to approve it; the first one never does.

    Raises
    ------
    CollectError, PackError
        If a source, a correction, a rule or the disk stops it. The version in use stays, and so do the answers.
    """
    names = known(names)
    shelf = Shelf(out)
    with shelf.making() as work:
        current = shelf.current()
        start = current or EMBEDDED
        plan, store = Plan(start / "collect", kommun), Store(shelf.folder / SNAPSHOTS)
        if not folder.covers(start, kommun) and ScbGeo.name not in names:
            names.append(ScbGeo.name)
        if client is None:
            return _versioned(names, plan, store, shelf, work, now, progress, wait)
        mark = store.folder / f".begun-{kommun}"
        begun = _begun(mark, now)
        for name in names:
            SOURCES[name].fetch(plan, store, client, progress, begun)
        try:
            outcome = _versioned(names, plan, store, shelf, work, now, progress, wait)
        except (CollectError, PackError):  # the answers do not do: the next run asks whether the source has mended them
            mark.unlink()
            raise
        mark.unlink()
        return outcome


def known(names: Sequence[str]) -> list[str]:
    """Return sources in the order of `SOURCES`.

    Raises
    ------
    CollectError
        If one of the names is none.
    """
    if unknown := [name for name in names if name not in SOURCES]:
        raise CollectError("källan", f"”{unknown[0]}”", f"en av {', '.join(SOURCES)}", "Skriv källans namn som i listan")
    return [name for name in SOURCES if name in names]


def _versioned(
    names: Sequence[str], plan: Plan, store: Store, shelf: Shelf, work: Path, now: str, progress: Progress, wait: bool
) -> Outcome:
    """Make what the store holds a version, unless nothing is new."""
    current = shelf.current()
    start, made = current or EMBEDDED, work / "pack"
    made_of = _made_of(names, store, plan)
    if current and made_of == _said(current) and not folder.lacks_kommuner(current, plan.kommun):
        return Outcome(current.name, new=False)
    outcome = _build(names, plan, store, start, made, made_of, progress)
    if current and load(made).fingerprint == load(current).fingerprint:
        return replace(outcome, version=current.name, new=False)
    info = made / "pack.yaml"
    info.write_bytes(folder.next_version(info.read_text("utf-8"), _newest(names, store) or now[:10]).encode())
    return replace(outcome, version=shelf.publish(made, wait=wait and current is not None))


def rebuild(root: Path) -> list[Path]:
    """Make the transcribed figures of a pack that is a plain folder again; return the files that changed.

    Raises
    ------
    CollectError
        If the transcriptions do not hold together.
    """
    plan = Plan(root / "collect", load(root).info.city)
    wanted = recipes.load(root / "collect" / "recipes.yaml")
    found, *_ = _figures(["transcribed"], plan, Store(root / SNAPSHOTS), root, wanted, folder.levels(root), {})
    changed = []
    for file, frame in found.items():
        path, content = root / "observations" / f"{file}.csv", folder.as_csv(frame)
        if not path.exists() or path.read_bytes() != content:
            disk.put_whole(path, content)
            changed.append(path)
    return changed


def _begun(mark: Path, now: str) -> str:
    """Return when the run began – `now`, or when one of the same day did that was interrupted – and let the file `mark` say so.

    It stands until the run has come to an end: what was answered since then is not asked for again.
    """
    try:
        before = mark.read_text("utf-8").strip()
    except OSError:
        before = ""
    begun = before if before[:10] == now[:10] else now
    mark.parent.mkdir(parents=True, exist_ok=True)
    disk.put_whole(mark, f"{begun}\n".encode())
    return begun


def _build(names: Sequence[str], plan: Plan, store: Store, start: Path, made: Path, made_of: dict, progress: Progress) -> Outcome:
    """Write the new pack in `made`: the one before, or the beginning of another kommun's, with the new figures."""
    if folder.covers(start, plan.kommun):
        disk.same_tree(start, made, link=False)
    else:
        progress.step("områdenas gränser", 1, 5)
        folder.begin(start, plan, store, made, _called(plan, store))
    if folder.lacks_kommuner(made, plan.kommun):
        folder.add_kommuner(made, plan, store)
    progress.step("läser svaren och räknar", 2, 5)
    entries = {entry.id: entry for name in names for entry in SOURCES[name].entries(plan, store)}
    levels, wanted = folder.levels(made), recipes.load(made / "collect" / "recipes.yaml")
    found, unused, summed = _figures(names, plan, store, made, wanted, levels, entries)
    found, corrected = corrections.apply(found, made)
    folder.define(made, {str(id_) for frame in found.values() for id_ in frame["indicator"].unique()})
    seams.extend(made, found, levels, wanted.breaks, entries)
    progress.step("prövar siffrorna", 3, 5)
    remarks = rules.check(found, made)
    progress.step("skriver paketet", 4, 5)
    folder.merge(found, made)
    folder.complete(made, found, levels, entries)
    (made / MADE_OF).write_text(yaml.safe_dump(made_of, allow_unicode=True, width=110), "utf-8", newline="\n")
    progress.step("klart", 5, 5)
    return Outcome("", True, sum(len(frame) for frame in found.values()), tuple(unused), (*corrected, *summed, *remarks))


def _figures(
    names: Sequence[str],
    plan: Plan,
    store: Store,
    root: Path,
    wanted: Recipes,
    levels: Mapping[str, str],
    entries: Mapping[str, Source],
) -> tuple[dict[str, pd.DataFrame], list[str], list[str]]:
    """Return file → observations of the sources, the variables that no recipe uses, and remarks on sums.

    Each source is taken by itself; where two have the same figure, that of the first in ``SOURCES`` is used.
    """
    key, breaks = _key(plan, store), folder.breaks_of(root, levels)
    together: dict[str, list[pd.DataFrame]] = {}
    unused: dict[str, None] = {}
    remarks: list[str] = []
    for name in names:
        counts, rules_of = gather(SOURCES[name].read(plan, store)), plan.sums(name)
        remarks += sums.check(corrections.on_counts(counts, root, wanted), rules_of, summable(wanted), entries)
        counts, said = sums.placed(counts, rules_of, levels.keys())
        remarks += said
        found, left = from_counts(counts, wanted, key, levels.keys(), breaks)
        for file, frame in found.items():
            together.setdefault(file, []).append(frame)
        unused |= dict.fromkeys(left)
    return {file: folder.first_of(frames) for file, frames in together.items()}, list(unused), remarks


def _called(plan: Plan, store: Store) -> str:
    """Return what a kommun is called: SCB's name for it where that has been fetched."""
    return "Riket" if plan.kommun == ALL else Scb().kommuner(plan, store).get(plan.kommun) or f"Kommun {plan.kommun}"


def _key(plan: Plan, store: Store) -> pd.DataFrame:
    """Return which RegSO a DeSO belongs to: the official key where the borders were fetched, else the one that was read."""
    found = [Transcribed().key(plan)] if plan.folder.parent.joinpath("transcribed").exists() else []
    if store.snapshots(ScbGeo.name):
        divisions = [name for name in plan.of(ScbGeo.name, Settings).areas if name.startswith("deso")]
        found = [*(ScbGeo().key(plan, store, name) for name in divisions), *found]
    columns = ["deso", "regso", "vintage"]
    return pd.concat([pd.DataFrame(columns=columns), *found])[columns].drop_duplicates(["deso", "vintage"])


def _made_of(names: Sequence[str], store: Store, plan: Plan) -> dict:
    # borders and the key between divisions are used wherever they have been fetched
    asked = sorted({*names, ScbGeo.name})
    answers = {name: {shot.name: shot.sha256 for shot in store.snapshots(name)} for name in asked}
    rules_of = {path.name: _digest(path) for part in ("*.yaml", "indicators/*.yaml") for path in sorted(plan.folder.glob(part))}
    if (corrected := plan.folder.parent / CORRECTIONS).exists():
        rules_of[corrected.name] = _digest(corrected)
    if "transcribed" in names:
        rules_of |= {path.name: _digest(path) for path in sorted(plan.folder.parent.glob("transcribed/*.csv"))}
    program = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py")))).hexdigest()
    return {"kommun": plan.kommun, "answers": answers, "rules": rules_of, "program": program}


def _said(root: Path) -> dict | None:
    try:
        return yaml.load((root / MADE_OF).read_text("utf-8"), Loader)
    except (OSError, yaml.YAMLError):
        return None


def _newest(names: Sequence[str], store: Store) -> str:
    return max((shot.about.retrieved[:10] for name in names for shot in store.snapshots(name)), default="")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
