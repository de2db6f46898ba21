"""What is proposed to a pack, an initiative or a list of priorities: checked against the model and the pack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from omradesbild.find import fold
from omradesbild.model import Initiative, PriorityList, PublishedList, is_date
from omradesbild.words import t

#: The texts of a proposal, and how many characters each may have.
TEXTS = {
    "title": 80,
    "event": 500,
    "start": 10,
    "end": 10,
    "place": 200,
    "actors": 200,
    "decision": 200,
    "uncertain": 300,
    "kind": 20,
    "source": 200,
    "source_url": 500,
    "note": 600,
}
LISTS = ("areas", "goals")
REQUIRED = ("title", "event", "place", "kind", "source", "source_url")
#: The texts of a list of priorities on one line, and how many characters each may have.
LIST_TEXTS = {"name": 80, "by": 200}
LONGEST_ID = 50
#: The parts that have a name in the texts.
NAMED = {*TEXTS, *LISTS, *LIST_TEXTS, "published", "entries"}
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+\.[^\s<>\"'`\\]+")


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one part of a proposal. `code` is a key under ``proposal`` in the texts."""

    part: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "sv") -> str:
        """Say what was found, what was expected and what to do."""
        name = t(f"proposal.part_{self.part}", lang) if self.part in NAMED else self.part
        return t(f"proposal.{self.code}", lang, part=name, **self.values)


def read(
    content: Mapping[str, object], pack, *, new: bool = True
) -> tuple[Initiative | None, tuple[Mistake, ...]]:
    """Return the initiative that a proposal describes, or what is wrong with it.

    Parameters
    ----------
    content
        The parts of `model.Initiative` by name, without id: that follows from the title. Anything may be in it.
    pack : omradesbild.pack.Pack
        Where its areas and goals must be.
    new
        Whether the pack must not have an initiative with its id.
    """
    faults = [Mistake(str(key)[:40], "extra") for key in content if key not in (*TEXTS, *LISTS, "id")]
    texts = {name: _text(name, content.get(name), faults, most) for name, most in TEXTS.items()}
    lists = {name: _list(name, content.get(name), faults) for name in LISTS}
    named = {fault.part for fault in faults}
    faults += [Mistake(name, "missing") for name in REQUIRED if texts[name] is None and name not in named]
    faults += [Mistake("areas", "area", {"found": a[:40]}) for a in lists["areas"] if a not in pack.areas]
    known = {goal.id for goal in pack.goals}
    faults += [Mistake("goals", "goal", {"found": g[:40]}) for g in lists["goals"] if g not in known]
    if pack.info.city in lists["areas"] and len(lists["areas"]) > 1:
        faults.append(Mistake("areas", "city_and_more"))
    faults += _dates(texts["start"], texts["end"])
    if texts["source_url"] and not _ADDRESS.fullmatch(texts["source_url"]):
        faults.append(Mistake("source_url", "address", {"found": texts["source_url"][:60]}))
    id_ = _id(texts["title"])
    if texts["title"] and not id_:
        faults.append(Mistake("title", "no_letters"))
    if new and any(initiative.id == id_ for initiative in pack.initiatives):
        faults.append(Mistake("title", "taken", {"found": id_}))
    if faults:
        return None, tuple(faults)
    try:
        return Initiative.model_validate({"id": id_, **{k: v for k, v in texts.items() if v}, **lists}), ()
    except ValidationError as error:
        return None, tuple(Mistake(str(e["loc"][0]), "model", {"found": f"{e['input']!r:.40}"}) for e in error.errors())


def read_list(content: Mapping[str, object], statements) -> tuple[PublishedList | None, tuple[Mistake, ...]]:
    """Return the list of priorities that a draft holds as it would be published, or what is wrong with it.

    Parameters
    ----------
    content
        The parts of `model.PriorityList` by name, and `by` and `published`: who decides, and when. Anything may be in it.
    statements : omradesbild.analyse.statements.Statements
        Where each of its rows must have a figure.
    """
    faults: list[Mistake] = []
    texts = {name: _text(name, content.get(name), faults, most) for name, most in LIST_TEXTS.items()}
    named = {fault.part for fault in faults}
    faults += [Mistake(name, "missing") for name, text in texts.items() if text is None and name not in named]
    id_ = _id(texts["name"])
    if texts["name"] and not id_:
        faults.append(Mistake("name", "no_letters"))
    day = content.get("published")
    if not isinstance(day, str) or not is_date(day):
        faults.append(Mistake("published", "date", {"found": f"{day}"[:40]}))
    if faults:
        return None, tuple(faults)
    chosen = {key: value for key, value in content.items() if key not in ("by", "published")} | {"name": texts["name"]}
    try:
        made = PublishedList.model_validate({"id": id_, "by": texts["by"], "published": day, "chosen": chosen})
    except ValidationError as error:
        return None, tuple(
            Mistake(".".join(map(str, e["loc"][1:])), "model", {"found": f"{e['input']!r:.40}"}) for e in error.errors()
        )
    faults = _rows(made.chosen, statements)
    return (None if faults else made), tuple(faults)


def _rows(chosen: PriorityList, statements) -> list[Mistake]:
    """Return what is wrong with the rows of a list: another pack's, none, unknown, twice, or words that cannot be read."""
    info = statements.pack.info
    if chosen.pack != info.id:
        return [Mistake("entries", "other_pack", {"found": chosen.pack, "used": info.id})]
    if not chosen.entries:
        return [Mistake("entries", "missing")]
    notes = (chosen.note, *(entry.note for entry in chosen.entries))
    faults = [] if all(line.isprintable() for note in notes for line in note.splitlines()) else [Mistake("note", "line")]
    rows = [(e.area, e.indicator, e.period, e.group) for e in chosen.entries]
    unknown = [row for row in rows if statements.get(*row) is None]
    twice = [row for row, number in Counter((a, i, g) for a, i, _, g in rows).items() if number > 1]
    return [
        *faults,
        *(Mistake("entries", "no_figure", {"found": " ".join(row).strip()}) for row in unknown),
        *(Mistake("entries", "twice", {"found": " ".join(row).strip()}) for row in twice),
    ]


def _id(name: str | None) -> str:
    return "-".join(fold(name or ""))[:LONGEST_ID].strip("-")


def _text(name: str, value: object, faults: list[Mistake], most: int) -> str | None:
    """Return a text on one line, None where there is none."""
    if value is None:
        return None
    if not isinstance(value, str):
        faults.append(Mistake(name, "not_text"))
        return None
    line = " ".join(value.split())
    if not line.isprintable():
        faults.append(Mistake(name, "line"))
        return None
    if len(line) > most:
        faults.append(Mistake(name, "long", {"found": len(line), "most": most}))
        return None
    return line or None


def _list(name: str, value: object, faults: list[Mistake]) -> list[str]:
    if value is None:
        return []
    if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
        return list(dict.fromkeys(value))
    faults.append(Mistake(name, "not_list"))
    return []


def _dates(start: str | None, end: str | None) -> list[Mistake]:
    given = [(name, text) for name, text in (("start", start), ("end", end)) if text is not None]
    faults = [Mistake(name, "date", {"found": text}) for name, text in given if not is_date(text)]
    if not faults and end and not start:
        return [Mistake("start", "end_without_start")]
    if not faults and start and end and end[: min(len(start), len(end))] < start[: min(len(start), len(end))]:
        return [Mistake("end", "order", {"start": start, "end": end})]
    return faults
