"""Reads and checks a data pack: a folder with catalogue, boundaries and observations.

``load`` gives a pack that has passed every check, or raises ``PackError`` with the report.
``check`` gives the report. Both read each file once; the fingerprint is of the bytes that were parsed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pandas as pd
import yaml
from pydantic import BaseModel, ValidationError

from omradesbild import checks
from omradesbild.findings import Finding, Report
from omradesbild.model import (
    Area,
    Break,
    Goal,
    Indicator,
    Initiative,
    Level,
    PackInfo,
    PoliceEdition,
    Source,
    Theme,
)

__all__ = ["Finding", "Pack", "PackError", "Report", "check", "load", "resolve", "swedish_order"]

AREAS = "catalog/areas.yaml"
ALIASES = "catalog/aliases.yaml"
INDICATORS = "catalog/indicators"
SOURCES = "catalog/sources.yaml"

Record = TypeVar("Record", bound=BaseModel)


@dataclass(frozen=True)
class Pack:
    """A data pack in memory. Treat everything in it as read-only: it is shared by all readers.

    Attributes
    ----------
    areas
        id → area of every level: city, named, districts, base areas; by Swedish name within a level.
    indicators
        id → indicator, by theme, order and Swedish title.
    boundaries
        The GeoJSON FeatureCollection (EPSG:4326) of the base areas.
    observations
        One row per figure: area, indicator, period, group, flag, source as text; value, numerator
        and denominator as float64, NaN where there is none.
    fingerprint
        The first 12 hex digits of the SHA-256 of all files that were read.
    """

    root: Path
    info: PackInfo
    areas: Mapping[str, Area]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    breaks: tuple[Break, ...]
    goals: tuple[Goal, ...]
    initiatives: tuple[Initiative, ...]
    police: tuple[PoliceEdition, ...]
    boundaries: dict
    observations: pd.DataFrame
    fingerprint: str


class PackError(Exception):
    """A pack that cannot be used; ``report`` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.text())
        self.report = report


def load(root: Path) -> Pack:
    """Read the pack in the folder `root`.

    Raises
    ------
    PackError
        If any check finds an error; warnings let the pack through.
    """
    pack, report = _read(Path(root))
    if pack is None:
        raise PackError(report)
    return pack


def check(root: Path) -> Report:
    """Return everything there is to say about the pack in `root`; never raises on its content."""
    return _read(Path(root))[1]


def resolve(pack: str | None = None) -> Path:
    """Return the folder of the pack that is meant.

    Parameters
    ----------
    pack
        A folder; ``"demo"`` for the demonstration pack (built on first use in the user's cache
        folder); None for what the environment variable OMRADESBILD_PACK says, else the shipped pack.
    """
    pack = pack or os.environ.get("OMRADESBILD_PACK")
    if not pack:
        return Path(__file__).resolve().parent.parent / "data"
    return _demonstration() if pack == "demo" else Path(pack)


def swedish_order(text: str) -> str:
    """Return a key that sorts as Swedes do: without regard to case, and å ä ö last."""
    last = {"å": "{1", "ä": "{2", "ö": "{3", "æ": "{2", "ø": "{3"}
    letters = (last.get(c) or unicodedata.normalize("NFKD", c)[0] for c in text.casefold())
    return "".join(letters)


def _demonstration() -> Path:
    """Return the demonstration pack, building it whole before it gets its name."""
    from omradesbild import demo

    target = _cache() / f"demo-{demo.VERSION}-{demo.SEED}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            demo.build(Path(folder) / "pack")
            try:
                (Path(folder) / "pack").rename(target)
            except OSError:  # another process was first
                if not target.exists():
                    raise
    return target


def _cache() -> Path:
    """Return the user's cache folder for this program."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "omradesbild"


# ---- reading files ------------------------------------------------------------------------------


class _Loader(yaml.CSafeLoader):
    """YAML where dates stay text and a key may stand only once."""

    yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            seen = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise _DuplicateKey(None, None, str(key.value), key.start_mark)
                seen.add(key.value)
        return mapping


class _DuplicateKey(yaml.constructor.ConstructorError):
    """The same key stands twice in a mapping."""


class _Reader:
    """Reads the files of one pack, collects what is wrong with them, and remembers their bytes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.report = Report()
        self.digest = hashlib.sha256()
        self.lost: set[str] = set()

    def lose(self, code: str, file: str, found: object, **more: object) -> None:
        """Add a finding that leaves some of the file's content unread."""
        self.report.add(code, file, found, **more)
        self.lost.add(file)

    def whole(self, *files: str) -> bool:
        """Whether everything in these files (or in files of these folders) was read.

        Ids are checked against a catalogue only if it is whole, so that one broken file is one finding.
        """
        return not any(file.startswith(files) for file in self.lost)

    def names(self, folder: str, suffix: str) -> list[str]:
        """Return the files of a folder with this suffix, sorted, relative to the pack."""
        try:
            found = sorted(p.name for p in (self.root / folder).iterdir() if p.suffix == suffix)
        except OSError:
            found = []
        if not found:
            self.lose("file_missing", folder, f"ingen fil *{suffix} i {folder}/")
        return [f"{folder}/{name}" for name in found]

    def text(self, file: str) -> str | None:
        """Return the content of a file, or None after reporting why there is none."""
        try:
            raw = (self.root / file).read_bytes()
        except FileNotFoundError:
            self.lose("file_missing", file, "ingen fil")
            return None
        except (OSError, ValueError) as error:
            self.lose("file_unreadable", file, getattr(error, "strerror", None) or error)
            return None
        self.digest.update(f"{file}\0{len(raw)}\0".encode("utf-8", "replace") + raw)
        if not raw.strip():
            self.lose("file_empty", file, f"{len(raw)} byte")
            return None
        if raw.startswith(b"\xef\xbb\xbf"):
            self.report.add("bom", file, "bytemärket EF BB BF", row=1)
            raw = raw[3:]
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            row = raw.count(b"\n", 0, error.start) + 1
            self.lose("not_utf8", file, f"byten {raw[error.start]:02X}", row=row)
            return None
        if "\r" in text:
            self.report.add("line_ends", file, "radslut av sorten CR", row=text.count("\n", 0, text.index("\r")) + 1)
        return text

    def yaml(self, file: str) -> tuple[object, str]:
        """Return (content, text) of a YAML file; the content is None where it cannot be read."""
        text = self.text(file)
        if text is None:
            return None, ""
        try:
            return yaml.load(text, _Loader), text
        except _DuplicateKey as error:
            found = f"nyckeln {error.problem} två gånger"
            self.lose("yaml_duplicate_key", file, found, row=error.problem_mark.line + 1)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.lose("yaml_broken", file, error.problem, row=mark.line + 1 if mark else None)
        except yaml.reader.ReaderError as error:
            row = text.count("\n", 0, error.position) + 1
            self.lose("yaml_broken", file, "ett otillåtet tecken", row=row)
        except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
            # what PyYAML raises for values that their tag does not fit, and for endless nesting
            self.lose("yaml_broken", file, f"ett värde som inte går att tolka ({error})")
        return None, text

    def record(self, file: str, kind: type[Record]) -> Record | None:
        """Return the one record of a YAML file."""
        content, text = self.yaml(file)
        return None if content is None else self._record(content, kind, file, text, ())

    def records(self, file: str, kind: type[Record]) -> list[Record]:
        """Return the valid records of a YAML file with a list."""
        content, text = self.yaml(file)
        if not isinstance(content, list):
            if self.whole(file):
                found = f"något annat ({type(content).__name__})"
                self.lose("schema", file, found, expected="en lista med poster", row=1)
            return []
        found = [self._record(item, kind, file, text, (n,)) for n, item in enumerate(content)]
        return [record for record in found if record is not None]

    def _record(
        self, content: object, kind: type[Record], file: str, text: str, place: tuple
    ) -> Record | None:
        try:
            return kind.model_validate(content)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                path = (*place, *fault["loc"])
                found, expected = _in_swedish(fault)
                where = ".".join(str(step) for step in fault["loc"]) or None
                self.lose("schema", file, found, expected=expected, row=_line(text, path), column=where)
        except RecursionError:
            self.lose("schema", file, "en post som innehåller sig själv", expected="en vanlig post")
        return None


#: pydantic's kind of error → what was expected, in Swedish; {…} from the error's context
_EXPECTED = {
    "missing": "nyckeln {key}",
    "extra_forbidden": "bara nycklar ur datamodellen",
    "string_type": "en text (skriv siffror inom citattecken)",
    "string_pattern_mismatch": "en text som följer mönstret {pattern}",
    "string_too_short": "en text som inte är tom",
    "string_unicode": "en text av giltiga tecken",
    "enum": "ett av {expected}",
    "literal_error": "ett av {expected}",
    "int_type": "ett heltal",
    "int_parsing": "ett heltal",
    "int_from_float": "ett heltal",
    "float_type": "ett tal",
    "float_parsing": "ett tal",
    "bool_type": "true eller false",
    "bool_parsing": "true eller false",
    "greater_than_equal": "ett tal som är minst {ge}",
    "less_than_equal": "ett tal som är högst {le}",
    "tuple_type": "en lista",
    "dict_type": "nycklar med värden",
    "model_type": "en post med nycklar och värden",
    "value_error": "poster som går ihop: {error}",
}


def _in_swedish(fault: Mapping) -> tuple[str, str]:
    """Return (found, expected) of one of pydantic's errors."""
    key = fault["loc"][-1] if fault["loc"] else ""
    kind = fault["type"]
    expected = _EXPECTED.get(kind, f"ett annat värde ({fault['msg']})")
    for name, value in {"key": key, **fault.get("ctx", {})}.items():
        expected = expected.replace(f"{{{name}}}", str(value).replace(" or ", " eller "))
    if kind == "missing":
        return f"ingen nyckel {key}", expected
    if kind == "extra_forbidden":
        return f"nyckeln {key}", expected
    return f"{fault['input']!r:.80}", expected


def _line(text: str, path: tuple) -> int | None:
    """Return the line of a YAML text where the value at `path` stands, or its closest parent."""
    node = yaml.compose(text, _Loader)
    if node is None:
        return None
    line = node.start_mark.line
    for step in path:
        children = node.value if isinstance(node.value, list) else []
        if isinstance(node, yaml.MappingNode):
            keyed = [(key, value) for key, value in children if key.value == str(step)]
        else:
            keyed = [(item, item) for item in children[step : step + 1]] if isinstance(step, int) else []
        if not keyed:
            break
        line, node = keyed[0][0].start_mark.line, keyed[0][1]
    return line + 1


# ---- observations -------------------------------------------------------------------------------


def _table(reader: _Reader, file: str) -> pd.DataFrame | None:
    """Return the rows of one CSV file as text, with file and row (line number); None if unusable."""
    text = reader.text(file)
    if text is None:
        return None
    report = reader.report
    if not text.endswith("\n"):
        report.add("no_last_newline", file, "ett slut mitt på en rad", row=text.count("\n") + 1)
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, numbers = [], []
    try:
        if not _header(next(lines), file, report):
            return None
        for fields in lines:
            if len(fields) == len(checks.COLUMNS):
                rows.append(fields)
                numbers.append(lines.line_num)
            elif fields:
                _wrong_length(fields, lines.line_num, file, report)
    except csv.Error as error:
        report.add("csv_broken", file, f"ett fel i raden ({error})", row=lines.line_num)
    table = pd.DataFrame(rows, columns=list(checks.COLUMNS), dtype="str")
    return table.assign(file=file, row=pd.Series(numbers, dtype="int64"))


def _header(header: list[str], file: str, report: Report) -> bool:
    """Report a header line that is not as it must be; return whether it is."""
    expected, found = list(checks.COLUMNS), header
    if found == expected:
        return True
    joined = ",".join(expected)
    if len(found) == 1 and (";" in found[0] or "\t" in found[0]):
        report.add("separator", file, f"rubrikraden {found[0]}", row=1)
        return False
    missing, extra = [c for c in expected if c not in found], [c for c in found if c not in expected]
    for column in missing:
        report.add("missing_column", file, f"ingen kolumn {column}", expected=joined, row=1, column=column)
    for column in extra:
        report.add("extra_column", file, f"kolumnen ”{column}”", expected=joined, row=1, column=column)
    if not missing and not extra:
        report.add("header", file, f"rubrikraden {','.join(found)}", expected=joined, row=1)
    return False


def _wrong_length(fields: list[str], row: int, file: str, report: Report) -> None:
    """Report a row with too few or too many fields; too many numbers are a sign of decimal commas."""
    between = fields[4:-2]
    if len(fields) > len(checks.COLUMNS) and all(f.removeprefix("-").isdigit() or not f for f in between):
        report.add("decimal_comma", file, ",".join(between), row=row)
    else:
        report.add("field_count", file, f"{len(fields)} fält", expected=len(checks.COLUMNS), row=row)


def _observations(reader: _Reader) -> pd.DataFrame:
    """Return the figures of all CSV files with file, row and sound (numbers could be read)."""
    tables = [_table(reader, file) for file in reader.names("observations", ".csv")]
    tables = [table for table in tables if table is not None and len(table)]
    if not tables:
        reader.report.add("no_observations", "observations", "ingen rad med siffror")
        return pd.DataFrame()
    frame = checks.numbers(pd.concat(tables, ignore_index=True), reader.report)
    checks.order(frame, reader.report)
    return frame


# ---- the whole pack -----------------------------------------------------------------------------


def _read(root: Path) -> tuple[Pack | None, Report]:
    """Read and check everything; the pack is None where there is an error."""
    reader = _Reader(root)
    report = reader.report
    if not root.is_dir():
        report.add("pack_missing", str(root), "ingen sådan mapp")
        return None, report
    info = reader.record("pack.yaml", PackInfo)
    indicators = _indicators(reader)
    sources = _catalogue(reader, SOURCES, Source)
    breaks = _catalogue(reader, "catalog/breaks.yaml", Break)
    goals = _catalogue(reader, "catalog/goals.yaml", Goal)
    initiatives = _catalogue(reader, "catalog/initiatives.yaml", Initiative)
    police = tuple(reader.records("catalog/police.yaml", PoliceEdition))
    checks.unrepeated((edition.edition for edition in police), "catalog/police.yaml", report)
    collection, areas, base = _areas(reader, info)
    frame = _observations(reader)

    whole_areas = info is not None and reader.whole(AREAS, "boundaries", ALIASES)
    checks.references(
        info,
        breaks.values(),
        goals.values(),
        initiatives.values(),
        police,
        areas if whole_areas else None,
        indicators if reader.whole(INDICATORS) else None,
        goals if reader.whole("catalog/goals.yaml") else None,
        report,
    )
    if len(frame):
        if whole_areas:
            checks.known(frame, "area", areas, "ett område i paketet", report)
        if reader.whole(INDICATORS):
            checks.known(frame, "indicator", indicators, "en indikator i katalogen", report)
        if reader.whole(SOURCES):
            checks.known(frame, "source", sources, "en källa i sources.yaml", report)
        checks.figures(frame, indicators, report)
        checks.parts(frame, indicators, report)
        if info is not None:
            checks.totals(frame, info.city, base, indicators, report)
            boundary_file = f"boundaries/{info.boundaries}"
            checks.coverage(frame, areas, base, indicators, boundary_file, report)

    report.counts = {"Områden": len(areas), "Indikatorer": len(indicators), "Siffror": len(frame)}
    if info is None or not report.ok:
        return None, report
    pack = Pack(
        root=root,
        info=info,
        areas=areas,
        indicators=indicators,
        sources=sources,
        breaks=tuple(breaks.values()),
        goals=tuple(goals.values()),
        initiatives=tuple(initiatives.values()),
        police=police,
        boundaries=collection,
        observations=frame[list(checks.COLUMNS)],
        fingerprint=reader.digest.hexdigest()[:12],
    )
    return pack, report


def _catalogue(reader: _Reader, file: str, kind: type[Record]) -> dict[str, Record]:
    """Return id → record of a catalogue file, in the file's order."""
    records = reader.records(file, kind)
    checks.unrepeated((record.id for record in records), file, reader.report)
    return {record.id: record for record in records}


def _indicators(reader: _Reader) -> dict[str, Indicator]:
    """Return id → indicator, by theme, order and Swedish title."""
    found = []
    for file in reader.names(INDICATORS, ".yaml"):
        indicator = reader.record(file, Indicator)
        if indicator is None:
            continue
        found.append(indicator)
        if indicator.id != Path(file).stem:
            reader.report.add(
                "file_name", file, f"id {indicator.id}", expected=f"{indicator.id}.yaml", column="id"
            )
    themes = list(Theme)
    found.sort(key=lambda i: (themes.index(i.theme), i.order, swedish_order(i.title.sv)))
    return {indicator.id: indicator for indicator in found}


def _areas(reader: _Reader, info: PackInfo | None) -> tuple[dict, dict[str, Area], list[str]]:
    """Return the boundaries, id → area of all levels in order of display, and the base areas' ids."""
    listed = reader.records(AREAS, Area)
    table = _aliases(reader)
    if info is None:
        return {}, {area.id: area for area in listed}, []
    file = f"boundaries/{info.boundaries}"
    collection = _json(reader, file)
    drawn = [] if collection is None else checks.borders(collection, file, reader.report)
    if not isinstance(collection, dict) or len(drawn) < len(collection.get("features") or ()):
        reader.lost.add(file)
    base = [area for area in (_base_area(reader, info, file, *pair) for pair in drawn) if area is not None]
    ids = [area.id for area in base]
    checks.unrepeated([*ids, *(area.id for area in listed)], AREAS, reader.report)
    if reader.whole(AREAS, "boundaries"):
        checks.areas(listed, set(ids), info.base_level, info.city, AREAS, reader.report)
    levels = list(Level)
    named = [_with_aliases(area, table.get(area.id, ())) for area in [*listed, *base]]
    named.sort(key=lambda area: (levels.index(area.level), swedish_order(area.name)))
    areas = {area.id: area for area in named}
    if reader.whole(AREAS, "boundaries"):
        checks.aliases(table, areas, ALIASES, reader.report)
    return collection or {}, areas, ids


def _base_area(reader: _Reader, info: PackInfo, file: str, area: str, name: str) -> Area | None:
    """Return the base area of a feature."""
    return reader._record({"id": area, "name": name, "level": info.base_level}, Area, file, "", ())


def _with_aliases(area: Area, more: Iterable[str]) -> Area:
    """Return the area with `more` everyday names."""
    return area.model_copy(update={"aliases": (*area.aliases, *more)}) if more else area


def _aliases(reader: _Reader) -> dict[str, tuple[str, ...]]:
    """Return area id → everyday names."""
    content, _ = reader.yaml(ALIASES)
    valid = isinstance(content, dict) and all(
        isinstance(area, str) and isinstance(names, list) and all(isinstance(n, str) for n in names)
        for area, names in content.items()
    )
    if valid:
        return {area: tuple(names) for area, names in content.items()}
    if reader.whole(ALIASES):
        reader.lose("schema", ALIASES, "något annat", expected="områdets id: [vardagsnamn, …]", row=1)
    return {}


def _json(reader: _Reader, file: str) -> object | None:
    """Return the content of a JSON file; NaN and Infinity are not JSON."""
    text = reader.text(file)
    if text is None:
        return None
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        reader.lose("json_broken", file, error.msg, row=error.lineno)
    except (ValueError, RecursionError) as error:
        reader.lose("json_broken", file, error)
    return None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} är inte ett tal i JSON")
