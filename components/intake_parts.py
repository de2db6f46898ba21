"""The parts of the page that takes in a table: the file, what was found in it, what its columns mean, and a preview.

All steps stand below one another, so that nothing is lost when a reader changes an earlier one. The file and what has
been filled in are kept for the session, also while another page is shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from components import notices, own_drafts, tables
from components.controls import LARGEST_FILE
from components.engine import common
from components.state import lang, restart
from components.tables import markup
from omradesbild import checks, drafts, words
from omradesbild.analyse import statements as analyse
from omradesbild.analyse.statements import Statements
from omradesbild.collect import intake, staff
from omradesbild.collect import tables as read_tables
from omradesbild.collect.doubts import doubts
from omradesbild.collect.fault import CollectError
from omradesbild.collect.recognise import Gazetteer
from omradesbild.collect.staff import PERIOD, Found, Outcome, TableMapping
from omradesbild.collect.tables import Sheet
from omradesbild.drafts import DraftError
from omradesbild.find import fold
from omradesbild.link import View
from omradesbild.model import RATIO_KINDS, Direction, Indicator, Kind, Level, Source, Theme
from omradesbild.words import t

_FILE, _FILLED, _ASKED = "intake_kept", "intake_filled", "intake_asked"
#: How many rows of the file, unknown areas and differences are shown.
MOST_ROWS, MOST_UNKNOWN, MOST_SHOWN = 8, 30, 200
#: The words of a new definition; those of a ratio's parts only where it is one.
WORDS = ("title", "unit", "short_unit", "numerator", "denominator", "definition", "not_covered")
KINDS = (Kind.COUNT, Kind.SHARE, Kind.RATE, Kind.MEAN, Kind.MEDIAN)
SOURCE = ("publisher", "title", "url", "licence")
_NEW, _CHOOSE, _LEAVE = "+", "", "-"


@lru_cache(maxsize=2)
def gazetteer(statements: Statements) -> Gazetteer:
    """Return the codes and names of a pack's areas."""
    return Gazetteer(statements.pack.areas, statements.pack.info.city)


def file() -> list[Sheet]:
    """Let the reader give a file, and return its sheets; none where it cannot be read, after saying why."""
    st.header(t("intake.file", lang()), anchor=False)
    given = st.file_uploader(
        t("intake.file_label", lang()),
        type=[ending[1:] for ending in read_tables.ENDINGS],
        key="intake_file",
        help=t("intake.file_help", lang()),
        max_upload_size=LARGEST_FILE,
    )
    if given is not None:
        st.session_state[_FILE] = given.name, given.getvalue()
    if _FILE not in st.session_state:
        return []
    name, content = st.session_state[_FILE]
    if given is None:
        st.html(f'<p class="ob-note">{t("intake.kept", lang(), name=markup(name))}</p>')
        if st.button(t("intake.forget", lang())):
            st.session_state.pop(_FILE)
            st.rerun()
    try:
        return list(_read(name, content))
    except CollectError as error:
        notices.refused(error)
        return []


@lru_cache(maxsize=8)
def _read(name: str, content: bytes) -> tuple[Sheet, ...]:
    return tuple(read_tables.read(name, content))


def found(sheets: Sequence[Sheet]) -> Found:
    """Say what was found in the table, and let the reader choose the sheet and the column of areas."""
    st.header(t("intake.found", lang()), anchor=False)
    sheet = sheets[0]
    if len(sheets) > 1:
        names = [each.name for each in sheets]
        sheet = sheets[names.index(_pick("sheet", names, names[0], str))]
    seen = staff.look(sheet, gazetteer(common().statements))
    options = [str(c) for c in range(len(seen.heads))]
    usual = str(seen.areas if seen.areas is not None else 0)
    column = int(_pick("areas", options, usual, lambda c: seen.heads[int(c)], label=t("intake.area_column", lang())))
    if column != seen.areas:
        seen = staff.look(sheet, gazetteer(common().statements), column)
    _facts(seen)
    rows = [[sheet.numbers[n], *sheet.rows[n]] for n in seen.body[:MOST_ROWS]]
    caption = t("intake.rows", lang(), shown=len(rows), all=len(seen.body))
    tables.show(caption, [t("intake.row", lang()), *seen.heads], rows)
    return seen


def _facts(seen: Found) -> None:
    """List what was found, in words."""
    sheet, matched = seen.sheet, seen.matched
    said = dict(sheet.details)
    if "updated" in said:
        said["updated"] = said["updated"][:10]
    if "encoding" in said:
        said["encoding"] = t("intake.encoding_check", lang(), encoding=said["encoding"])
    details = [(t(f"intake.detail_{key}", lang()), [text]) for key, text in said.items()]
    if seen.top and sheet.kind in ("csv", "xlsx"):
        details.append((t("intake.head", lang()), [t("intake.in_rows", lang(), rows=staff.rows_of(seen))]))
    known, all_ = len(matched.areas), len(matched.areas) + len(matched.unknown)
    if matched.level:
        areas = t("intake.areas_known_as", lang(), known=known, all=all_, level=words.level(matched.level, lang()))
    else:
        areas = t("intake.areas_known", lang(), known=known, all=all_)
    details += [
        (t("intake.areas", lang()), [areas]),
        (t("intake.city", lang()), _totals(seen)),
        (t("intake.rest", lang()), [*matched.rest]),
        (t("intake.periods", lang()), [_periods(seen)]),
        (t("intake.numbers", lang()), [", ".join(seen.heads[c] for c in seen.numbers) or "–"]),
        *((t("intake.in_column_unread", lang(), column=seen.heads[c]), [", ".join(texts[:5])]) for c, texts in seen.unread.items()),
        (t("intake.marked", lang()), [", ".join(f"{text} ({n})" for text, n in seen.marked.most_common())]),
        (t("intake.text", lang()), [*seen.title, *seen.notes]),
    ]
    rows = "".join(f"<dt>{markup(name)}</dt>" + "".join(f"<dd>{markup(text)}</dd>" for text in texts) for name, texts in details if any(texts))
    st.html(f'<dl class="ob-facts">{rows}</dl>')
    if seen.deso:
        st.warning(t("intake.deso", lang()))
    elif seen.foreign:
        st.warning(t("intake.foreign", lang(), codes=", ".join(seen.foreign)))
    elif known * 2 < all_:
        st.warning(t("intake.few", lang()))


def _periods(seen: Found) -> str:
    years = sorted({p for at in seen.wide.values() for p in at})
    if seen.periods is not None:
        return t("intake.in_column", lang(), column=seen.heads[seen.periods])
    return t("intake.in_heads", lang(), periods=", ".join(years)) if years else t("intake.no_periods", lang())


def _totals(seen: Found) -> list[str]:
    return [text for text, area in seen.matched.areas.items() if area.level is Level.KOMMUN]


# -- what the columns mean ------------------------------------------------------------------------------------


def mapping(seen: Found) -> TableMapping | None:
    """Let the reader say what the columns mean; None until it is said, after telling what is missing."""
    st.header(t("intake.meaning", lang()), anchor=False)
    if not seen.body or not seen.numbers:
        st.warning(t("intake.no_figures", lang()))
        return None
    pack = common().pack
    before = _proposed(seen)
    content: dict[str, object] = {"areas": seen.heads[seen.areas], **_areas(seen, before)}
    usual = before.figures[0].indicator if before else _CHOOSE
    id_ = _pick("indicator", [_CHOOSE, _NEW, *pack.indicators], usual if usual in pack.indicators else _CHOOSE, _indicator_name)
    if id_ == _CHOOSE:
        st.info(t("intake.choose_indicator", lang()))
        return None
    missing: list[str] = []
    indicator = _definition(missing) if id_ == _NEW else pack.indicators[id_]
    if id_ != _NEW:
        about = t("intake.indicator_about", lang(), unit=indicator.unit.get(lang()), definition=indicator.definition.get(lang()))
        st.html(f'<p class="ob-note">{markup(about)}</p>')
    if indicator is not None:
        content |= _columns(seen, indicator, before, missing)
        content |= _groups(seen, indicator, before)
    content |= _source(before, missing)
    if any(mark is None for mark in seen.marks.values()):
        usual = before.decimal if before and before.decimal else ","
        content["decimal"] = _pick("decimal", [",", "."], usual, lambda mark: t(f"intake.decimal_{'comma' if mark == ',' else 'point'}", lang()))
    content["complete"] = _tick("complete")
    if missing or indicator is None:
        st.info(t("intake.missing", lang(), parts=words.listing(missing, lang())))
        return None
    if id_ == _NEW:
        content["indicators"] = [indicator.model_dump(mode="json", exclude_unset=True)]
    try:
        return TableMapping.model_validate(content)
    except ValidationError as error:
        st.error(t("intake.wrong_part", lang(), parts=", ".join(".".join(map(str, e["loc"])) for e in error.errors()) or str(error)[:200]))
        return None


def _proposed(seen: Found) -> TableMapping | None:
    """Return what a saved table with the same layout was mapped to, after saying so."""
    before = intake.known(seen, common().pack, _drafted())
    if before is not None:
        st.success(t("intake.recognised", lang()))
    return before


def _drafted() -> Iterator[dict]:
    """Give the reader's tables that wait, one at a time: the first that looks the same is enough."""
    for key in own_drafts.known():
        with suppress(DraftError):
            yield drafts.read(intake.KIND, key)


def _areas(seen: Found, before: TableMapping | None) -> dict[str, object]:
    """Let the reader say what each unknown text in the area column means, and whether a total is the whole city's."""
    names, leave = {}, []
    left = set(before.leave) if before else set()
    for text in _totals(seen):
        label = t("intake.total_row", lang(), text=text)
        said = {_CHOOSE: t("intake.total_city", lang()), _LEAVE: t("intake.leave", lang())}
        if _pick(f"area {text}", [_CHOOSE, _LEAVE], _LEAVE if text in left else _CHOOSE, said.get, label=label) == _LEAVE:
            leave.append(text)
    unknown = dict(list(seen.matched.unknown.items())[:MOST_UNKNOWN])
    if not unknown:
        return {"leave": leave}
    pack = common().pack
    st.subheader(t("intake.unknown", lang(), n=len(seen.matched.unknown)), anchor=False)
    on_level = [a.id for a in pack.areas.values() if a.level in (seen.matched.level, pack.info.base_level)]
    for text, near in unknown.items():
        usual = _LEAVE if text in left else before.names.get(text, _CHOOSE) if before else _CHOOSE
        options = list(dict.fromkeys([_CHOOSE, _LEAVE, *(a.id for a in near), *on_level]))
        said = {_CHOOSE: t("control.choose", lang()), _LEAVE: t("intake.leave", lang())}
        first = usual if usual in options else _CHOOSE
        chosen = _pick(f"area {text}", options, first, lambda i, said=said: said.get(i) or pack.areas[i].name, label=text)
        if chosen == _LEAVE:
            leave.append(text)
        elif chosen != _CHOOSE:
            names[text] = chosen
    if more := len(seen.matched.unknown) - len(unknown):
        st.html(f'<p class="ob-note">{t("intake.more_unknown", lang(), n=more)}</p>')
    return {"names": names, "leave": leave}


def _indicator_name(id_: str) -> str:
    said = {_CHOOSE: t("control.choose", lang()), _NEW: t("intake.new_indicator", lang())}
    return said.get(id_) or common().pack.indicators[id_].title.get(lang())


def _definition(missing: list[str]) -> Indicator | None:
    """Let the reader define a new indicator."""
    st.subheader(t("intake.definition", lang()), anchor=False)
    kind = Kind(_pick("kind", [k.value for k in KINDS], Kind.SHARE.value, lambda k: t(f"intake.kind_{k}", lang())))
    parts = [name for name in WORDS if kind in RATIO_KINDS or name not in ("numerator", "denominator")]
    said = {name: _write(f"measure_{name}") for name in parts}
    theme = _pick("theme", [theme.value for theme in Theme], Theme.POPULATION.value, lambda x: t(f"theme.{x}", lang()))
    direction = _pick("direction", [d.value for d in Direction], Direction.NONE.value, lambda d: t(f"intake.direction_{d}", lang()))
    lacking = [t(f"intake.measure_{name}", lang()) for name in parts if not said[name] and name != "short_unit"]
    id_ = "_".join(fold(said["title"]))[:50].strip("_")
    if lacking or not id_:
        missing += lacking
        return None
    if id_ in common().pack.indicators:
        missing.append(t("intake.other_title", lang()))
        return None
    texts = {name: {"sv": text} for name, text in said.items() if name != "short_unit"}
    base = common().pack.info.base_level.value
    content = {"id": id_, **texts, "short_unit": said["short_unit"], "kind": kind.value, "theme": theme, "direction": direction, "levels": [base]}
    return Indicator.model_validate(content | ({"per": 1000} if kind is Kind.RATE else {}))


def _columns(seen: Found, indicator: Indicator, before: TableMapping | None, missing: list[str]) -> dict[str, object]:
    """Let the reader choose the columns of a value, or of its numerator and denominator, and say the period."""
    usual = before.figures[0].columns if before else {}
    single = [seen.heads[c] for c in seen.numbers if not any(c in at.values() for at in seen.wide.values())]
    options = [*seen.wide, *single] if seen.periods is None else [seen.heads[c] for c in seen.numbers]
    parts = ["value"]
    if indicator.kind in RATIO_KINDS:
        ways = ["value", "parts"] if len(options) > 1 else ["value"]
        first = "parts" if "numerator" in usual and len(options) > 1 else "value"
        way = _pick("way", ways, first, lambda w: t(f"intake.way_{w}", lang()))
        parts = ["value"] if way == "value" else ["numerator", "denominator"]
    chosen = {}
    for number, part in enumerate(parts):
        first = usual.get(part) if usual.get(part) in options else options[min(number, len(options) - 1)]
        chosen[part] = _pick(part, options, first, lambda head: _head_name(seen, head), label=_part_name(part, indicator))
    spec: dict[str, object] = {"indicator": indicator.id, **chosen}
    if parts == ["value"] and indicator.kind is Kind.SHARE and _tick("scale", bool(before and before.figures[0].scale == 100)):
        spec["scale"] = 100
    content: dict[str, object] = {"figures": [spec], "sheet": seen.sheet.name or None}
    if seen.periods is not None:
        content["period_column"] = seen.heads[seen.periods]
    elif not any(PERIOD in head for head in chosen.values()):
        content["period"] = _write("period")
        if not content["period"]:
            missing.append(t("intake.period", lang()))
    return content


def _head_name(seen: Found, head: str) -> str:
    if head not in seen.wide:
        return head
    return t("intake.heads", lang(), head=head.replace(PERIOD, "…"), periods=", ".join(sorted(seen.wide[head])))


def _part_name(part: str, indicator: Indicator) -> str:
    named = getattr(indicator, part, None)
    return t(f"intake.column_{part}", lang()) + (f": {named.get(lang())}" if named else "")


def _groups(seen: Found, indicator: Indicator, before: TableMapping | None) -> dict[str, object]:
    """Let the reader say what the texts of a column that divides the figures mean."""
    if not seen.groups:
        return {}
    column = seen.heads[seen.groups[0]]
    titles = {"": t("intake.total", lang())} | {g.id: g.title.get(lang()) for g in indicator.groups}
    texts = list(dict.fromkeys(seen.sheet.rows[n][seen.groups[0]] for n in seen.body))
    groups = {}
    for text in texts:
        near = next((id_ for id_, title in titles.items() if fold(title) == fold(text)), "")
        near = before.groups.get(text, near) if before else near
        groups[text] = _pick(f"group {text}", list(titles), near if near in titles else "", titles.get, label=f"{column}: {text}")
    return {"group_column": column, "groups": groups}


def _source(before: TableMapping | None, missing: list[str]) -> dict[str, object]:
    """Let the reader choose where the figures come from, or tell it."""
    sources = common().pack.sources
    said = {_CHOOSE: t("control.choose", lang()), _NEW: t("intake.new_source", lang())}
    names = {i: f"{s.publisher}: {s.title}" for i, s in sources.items()}
    usual = before.source if before and before.source in sources else _CHOOSE
    id_ = _pick("source", [_CHOOSE, _NEW, *sources], usual, lambda i: said.get(i) or names[i])
    if id_ == _CHOOSE:
        missing.append(t("intake.source", lang()))
        return {}
    if id_ != _NEW:
        return {"source": id_}
    told = {name: _write(f"source_{name}") for name in SOURCE}
    lacking = [t(f"intake.source_{name}", lang()) for name in SOURCE if not told[name]]
    if told["url"] and not told["url"].startswith(("http://", "https://")):
        lacking.append(t("intake.source_url", lang()))
    if lacking:
        missing += lacking
        return {}
    made = "-".join(fold(f"{told['publisher']} {told['title']}"))[:60].strip("-") or "kalla"
    source = Source(id=made, attribution=told["publisher"], retrieved=date.today().isoformat(), **told)
    return {"source": made, "sources": [source.model_dump(mode="json", exclude_unset=True)]}


# -- widgets whose value outlives them -------------------------------------------------------------------------


def _filled() -> dict[str, object]:
    name, content = st.session_state[_FILE]
    mark = hashlib.sha256(name.encode() + content).hexdigest()[:16]
    kept = st.session_state.setdefault(_FILLED, {})
    return kept.setdefault(mark, {})


def _pick(name: str, options: Sequence[str], usual: str, said, label: str = "") -> str:
    kept = _filled()
    key = f"intake_{name}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = kept.get(name) if kept.get(name) in options else usual
    kept[name] = st.selectbox(label or t(f"intake.{name}", lang()), options, format_func=said, key=key)
    return kept[name]


def _write(name: str, most: int = 300) -> str:
    kept = _filled()
    key = f"intake_{name}"
    st.session_state.setdefault(key, kept.get(name, ""))
    kept[name] = st.text_input(t(f"intake.{name}", lang()), key=key, max_chars=most)
    return " ".join(kept[name].split())


def _tick(name: str, usual: bool = False) -> bool:
    kept = _filled()
    key = f"intake_{name}"
    st.session_state.setdefault(key, kept.get(name, usual))
    kept[name] = st.checkbox(t(f"intake.{name}", lang()), key=key)
    return kept[name]


# -- what would change ----------------------------------------------------------------------------------------


def preview(view: View, seen: Found, chosen: TableMapping) -> None:
    """Show what the table would change, and let the reader keep it as a draft."""
    st.header(t("intake.preview", lang()), anchor=False)
    outcome = staff.figures(seen, chosen, common().pack, gazetteer(common().statements))
    if outcome.faults:
        notices.refused(*outcome.faults, lead=t("intake.faults", lang()))
        return
    mark = hashlib.sha256(chosen.model_dump_json().encode() + seen.sheet.place().encode()).hexdigest()
    if st.button(t("intake.show", lang())):
        st.session_state[_ASKED] = mark
    if st.session_state.get(_ASKED) != mark:
        return
    changes = differences(chosen, outcome.rows, outcome)
    if changes is not None and (changes["change"] != "same").any():
        _save(view, seen, chosen, outcome)


def differences(chosen: TableMapping, observations: pd.DataFrame, outcome: Outcome | None = None) -> pd.DataFrame | None:
    """Show what figures would change in the pack, and return that; None where they cannot be added, after saying why."""
    pack = common().pack
    try:
        after = _tried(common().statements, chosen.model_dump_json(exclude_unset=True), observations.to_csv(index=False))
    except CollectError as error:
        notices.refused(error)
        return None
    changes = intake.changes(pack, chosen, observations)
    kinds = changes["change"].value_counts()
    counts = ", ".join(t(f"intake.count_{kind}", lang(), n=kinds.get(kind, 0)) for kind in ("new", "changed", "same", "gone"))
    st.markdown(t("intake.counts", lang(), counts=counts))
    if (changes["change"] == "same").all():
        st.info(t("intake.nothing", lang()))
    odd = [t(f"intake.doubt_{doubt.code}", lang(), **doubt.said(lang())) for doubt in doubts(changes, chosen, pack)]
    if odd:
        st.warning("\n".join([t("intake.doubts", lang()), *(f"- {tables.plain(text)}" for text in odd)]))
    hidden = staff.hidden(changes, after.frame)
    if hidden:
        st.info(t("intake.hidden", lang(), n=hidden))
    if outcome is not None and outcome.left:
        left = ", ".join(f"{text} ({n})" for text, n in outcome.left.items())
        st.html(f'<p class="ob-note">{t("intake.left", lang(), left=markup(left))}</p>')
    if outcome is not None and outcome.empty:
        st.html(f'<p class="ob-note">{t("intake.empty", lang(), n=outcome.empty)}</p>')
    shown = changes[changes["change"] != "same"]
    rows = [_difference(row, after) for row in shown.head(MOST_SHOWN).itertuples()]
    columns = [t(f"column.{name}", lang()) for name in ("area_name", "title", "period")]
    columns += [t(f"intake.{name}", lang()) for name in ("before", "after", "change")]
    caption = t("intake.differences", lang(), shown=len(rows), all=len(shown))
    if rows:
        tables.show(caption, columns, rows, flags=sorted({*shown["flag"].dropna()} - {""}))
    return changes


def _difference(row, after: Statements) -> list[str]:
    """Return a row of the table of differences; only what has passed the disclosure gate is shown."""
    key = (row.area, row.indicator, row.period, row.group)
    old, new = common().statements.get(*key), after.get(*key)
    indicator = after.pack.indicators[row.indicator]
    return [
        after.pack.areas[row.area].name,
        words.title(indicator, row.group, lang()),
        words.period(row.period, lang()),
        words.marked(old, lang()) if old is not None else "",
        words.marked(new, lang()) if new is not None and row.change != "gone" else "",
        t(f"intake.change_{row.change}", lang()),
    ]


@lru_cache(maxsize=4)
def _tried(before: Statements, chosen: str, observations: str) -> Statements:
    content = {"mapping": json.loads(chosen), "observations": observations}
    mapped, frame = intake.from_draft(content)
    return analyse.build(intake.tried(before.pack, mapped, frame[list(checks.COLUMNS)], date.today().isoformat()))


def _save(view: View, seen: Found, chosen: TableMapping, outcome: Outcome) -> None:
    """Let the reader keep the table as a draft, or download it where nothing can be kept."""
    st.header(t("intake.save", lang()), anchor=False)
    name = _write("name", most=drafts.LONGEST_NAME)
    content = intake.to_draft(seen, chosen, outcome, name)
    if drafts.folder() is None:
        st.info(t("intake.no_place", lang()))
    elif st.button(t("intake.keep", lang()), disabled=not name):
        key = drafts.new_key()
        try:
            drafts.save(intake.KIND, key, content)
        except DraftError as error:
            notices.refused(error)
        else:
            own_drafts.add(key)
            st.session_state.pop(_FILE)
            restart(view, draft=key)
    download(content)


def download(content: Mapping[str, object]) -> None:
    """Let the reader download a table with its mapping as a file."""
    st.download_button(
        t("intake.download", lang()), data=drafts.to_file(intake.name_of(content), dict(content)), file_name="utkast-tabell.json",
        mime="application/json", on_click="ignore",
    )  # fmt: skip
