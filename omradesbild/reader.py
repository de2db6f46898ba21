"""Reads the files of a data pack into records and rows of text; whatever is wrong becomes a finding.

Nothing here knows what the records mean; the checks of content are in ``checks``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow
import yaml
from pandas.api.types import union_categoricals
from pydantic import BaseModel, ValidationError

from omradesbild import disk
from omradesbild.checks import COLUMNS
from omradesbild.findings import Report

Record = TypeVar("Record", bound=BaseModel)


class Loader(yaml.CSafeLoader):
    """A pack's YAML, where dates stay text and a key may stand only once."""

    yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Return a mapping; raise for a key that stands twice."""
        mapping = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            seen = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise _DuplicateKey(None, None, str(key.value), key.start_mark)
                seen.add(key.value)
        return mapping


#: What no text may hold: characters that XML forbids, and those that turn round what stands after a name – its number too.
_UNWANTED = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


class _DuplicateKey(yaml.constructor.ConstructorError):
    """The same key stands twice in a mapping."""


class NotYaml(ValueError):
    """A file is not YAML in UTF-8; `line` is where, the first where that cannot be told."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def small_yaml(content: bytes) -> object:
    """Return what a small file beside the pack holds; dates stay text and a key may stand only once.

    Raises
    ------
    NotYaml
        If it is not YAML in UTF-8.
    """
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader)
    except UnicodeDecodeError as error:
        raise NotYaml(content.count(b"\n", 0, error.start) + 1) from error
    except yaml.YAMLError as error:
        mark, last = getattr(error, "problem_mark", None), content.rstrip().count(b"\n")
        raise NotYaml(min(mark.line, last) + 1 if mark else 1) from error


class Reader:
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
            self.lose("file_unreadable", file, disk.why(error) if isinstance(error, OSError) else error)
            return None
        self.digest.update(f"{file}\0{len(raw)}\0".encode("utf-8", "replace"))
        self.digest.update(raw)
        if raw.startswith(b"\xef\xbb\xbf"):
            self.report.add("bom", file, "bytemärket EF BB BF", row=1)
            raw = raw[3:]
        if not raw.strip():
            self.lose("file_empty", file, f"{len(raw)} byte")
            return None
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
            return self._legible(yaml.load(text, Loader), file, text), text
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

    def json(self, file: str) -> object | None:
        """Return the content of a JSON file, or None; NaN and Infinity are not JSON."""
        text = self.text(file)
        if text is None:
            return None
        try:
            return self._legible(json.loads(text, parse_constant=_no_constant), file, text)
        except json.JSONDecodeError as error:
            self.lose("json_broken", file, error.msg, row=error.lineno)
        except (ValueError, RecursionError) as error:
            self.lose("json_broken", file, error)
        return None

    def _legible(self, content: object, file: str, text: str) -> object:
        """Return the content of a file with that text, after reporting what no text may hold."""
        if "\\" in text or _UNWANTED.search(text):
            for place, value in _texts(content):
                for character in dict.fromkeys(_UNWANTED.findall(value)):
                    row = _line(text, place) if file.endswith(".yaml") else None
                    where = ".".join(str(step) for step in place) or None
                    found = f"U+{ord(character):04X} i {value!r:.80}"
                    self.lose("control_character", file, found, row=row, column=where)
        return content

    def record(self, file: str, kind: type[Record]) -> Record | None:
        """Return the one record of a YAML file."""
        content, text = self.yaml(file)
        return None if content is None else self.valid(content, kind, file, text, ())

    def records(self, file: str, kind: type[Record]) -> list[Record]:
        """Return the valid records of a YAML file with a list."""
        content, text = self.yaml(file)
        if not isinstance(content, list):
            if self.whole(file):
                found = f"något annat ({type(content).__name__})"
                self.lose("schema", file, found, expected="en lista med poster", row=1)
            return []
        found = [self.valid(item, kind, file, text, (n,)) for n, item in enumerate(content)]
        return [record for record in found if record is not None]

    def valid(
        self, content: object, kind: type[Record], file: str, text: str, place: tuple
    ) -> Record | None:
        """Return `content` as a record, or None after reporting each key that is wrong.

        `text` is the YAML that it comes from and `place` the way to it there, for the line number.
        """
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


def _texts(content: object) -> Iterator[tuple[tuple, str]]:
    """Give every text in what a file holds, keys too, and the way to it; what stands twice or in itself once."""
    seen, left = set(), [((), content)]
    while left:
        place, value = left.pop()
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, dict | list) and id(value) not in seen:
            seen.add(id(value))
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            left += [found for key, below in pairs for found in ((place, key), ((*place, key), below))]


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} är inte ett tal i JSON")


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
    node = yaml.compose(text, Loader)
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


def table(reader: Reader, file: str) -> pd.DataFrame | None:
    """Return the rows of one CSV file of observations as text, every column a category.

    Beside the columns there are file and row (line number). None if the header is not as it must be.
    """
    text = reader.text(file)
    if text is None:
        return None
    frame = _plain_rows(text)
    if frame is None:
        frame = _rows(text, file, reader.report)
    return None if frame is None else frame.assign(file=pd.Categorical.from_codes(np.zeros(len(frame), "int8"), [file]))


def _plain_rows(text: str) -> pd.DataFrame | None:
    """Return the rows of a file with nothing out of the ordinary in its form, in a hurry; None where there may be.

    The right header, no quotation mark, one way of ending lines and the right number of commas on each: then fields lie
    between commas and rows between line ends. Any other file is read by `_rows`, which tells what is wrong with it.
    """
    head, _, body = text.partition("\n")
    rows = body.count("\n")
    between = len(COLUMNS) - 1
    strange = any(mark in body for mark in '"\r\0')
    if head != ",".join(COLUMNS) or strange or not body.endswith("\n") or body.count(",") != between * rows:
        return None
    try:
        found = arrow.read_csv(
            io.BytesIO(body.encode()),
            arrow.ReadOptions(column_names=COLUMNS),
            arrow.ParseOptions(quote_char=False, ignore_empty_lines=False),
            arrow.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.dictionary(pa.int32(), pa.string()))),
        )
    except pa.ArrowInvalid:  # a row with too few fields and one with too many, or a field that is too long
        return None
    frame = found.unify_dictionaries().to_pandas()
    if len(frame) != rows or any(len(word) > csv.field_size_limit() for name in frame for word in frame[name].cat.categories):
        return None
    return frame.assign(row=np.arange(2, rows + 2))


def _rows(text: str, file: str, report: Report) -> pd.DataFrame | None:
    """Return the rows of any file, and report each thing that is wrong with its form."""
    if not text.endswith("\n"):
        report.add("no_last_newline", file, "ett slut mitt på en rad", row=text.count("\n") + 1)
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, numbers = [], []
    try:
        if not _header(next(lines), file, report):
            return None
        for fields in lines:
            if len(fields) == len(COLUMNS):
                rows.append(fields)
                numbers.append(lines.line_num)
            elif fields:
                _wrong_length(fields, lines.line_num, file, report)
    except csv.Error as error:
        report.add("csv_broken", file, f"ett fel i raden ({error})", row=lines.line_num)
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str").astype("category")
    return frame.assign(row=np.array(numbers, "int64"))


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of several tables below each other, still with categories."""
    columns = {
        name: union_categoricals([rows[name] for rows in tables]) for name in tables[0] if name != "row"
    }
    pa.default_memory_pool().release_unused()  # Arrow would keep what reading a country's figures took
    return pd.DataFrame({**columns, "row": np.concatenate([rows["row"] for rows in tables])}, copy=False)


def _header(header: list[str], file: str, report: Report) -> bool:
    """Report a header line that is not as it must be; return whether it is."""
    expected, found = list(COLUMNS), header
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
    if len(fields) > len(COLUMNS) and all(f.removeprefix("-").isdigit() or not f for f in between):
        report.add("decimal_comma", file, ",".join(between), row=row)
    else:
        report.add("field_count", file, f"{len(fields)} fält", expected=len(COLUMNS), row=row)
