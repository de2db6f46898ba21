"""The parts of the page on which a reader puts together an area: by hand, by drawing, from a file or a saved one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

import streamlit as st

from components import controls, maps, tables
from components.engine import engine, shared
from components.state import choose, lang, restart
from components.tables import markup
from omradesbild import drafts, find, own, words
from omradesbild.analyse.compose import members_of
from omradesbild.analyse.custom import same_as
from omradesbild.link import MAX_AREAS, View, to_params
from omradesbild.model import Area, Kind, Level
from omradesbild.publish.parts.area import share_text
from omradesbild.publish.picture import Legend, Picture
from omradesbild.publish.tables import file_name
from omradesbild.words import t

WAYS = ("klicka", "rita", "fil", "sparat")
KIND = "omraden"
_NUMBER, _NOTES = "own_number", "own_notes"
_WHOLE, _PART, _OUT = "4", "1", "C"
_NUMBERS = re.compile(r"-?\d+(?:[.,]\d+)?")


def which(view: View) -> int:
    """Let the reader choose which of the own areas to work on, or a new one; return its number."""
    numbers = [int(area.id[-1]) for area in view.own]
    free = own.free_number(view.own)
    options = [*numbers, *([free] if len(numbers) < own.MOST else [])]
    last = st.session_state.get(_NUMBER)
    value = last if last in options else options[0]
    if not numbers:
        return value
    labels = {str(int(area.id[-1])): area.name for area in view.own}
    chosen = controls.one_of(
        t("own.which", lang()),
        "egna_vilket",
        [str(n) for n in options],
        str(value),
        lambda n: labels.get(n, t("own.new", lang())),
    )
    st.session_state[_NUMBER] = int(chosen)
    return int(chosen)


def area_of(view: View, number: int) -> Area | None:
    """Return the own area of a number."""
    return next((area for area in view.own if area.id == f"eget-{number}"), None)


def shares_of(area: Area | None) -> dict[str, float]:
    """Return how much of each basic area's surface belongs to an own area."""
    if area is None:
        return {}
    return dict(zip(area.members, area.shares or (1.0,) * len(area.members), strict=True))


def change(view: View, number: int, shares: Mapping[str, float], name: str = "", notes: tuple[str, ...] = ()) -> NoReturn:
    """Let an own area consist of `shares`; without any, it is removed. Runs the page again."""
    before = area_of(view, number)
    name = name or (before.name if before else t("own.default", lang(), number=number))
    made = [own.make(number, name, shares, shared().pack)] if shares else []
    areas = [each for area in view.own for each in (made if area is before else [area])]
    areas += [] if before else made
    st.session_state[_NUMBER], st.session_state[_NOTES] = number, (number, notes)
    for widget in ("egna_vilket", f"egna_delar_{number}", f"egna_namn_{number}"):
        controls.forget(widget)
    known = {area.id for area in areas}
    kept = tuple(a for a in view.areas if not a.startswith("eget-") or a in known)
    restart(view, own=tuple(areas), areas=kept)


# -- ways to choose ------------------------------------------------------------------------------------


def by_hand(view: View, number: int) -> None:
    """Let the reader add areas by everyday names."""
    pack, shares = shared().pack, shares_of(area_of(view, number))
    with st.container(key="finder"):
        hits = controls.find_area(t("own.find", lang()), "find_own")
        with st.container(horizontal=True):
            for hit in (h for h in hits if h.area.level is not Level.CUSTOM):
                label = t("own.add", lang(), name=controls.area_label(hit.area))
                if st.button(label, key=f"own_{hit.area.id}"):
                    parts = members_of(hit.area, pack) or (hit.area.id,)
                    change(view, number, shares | dict.fromkeys(parts, 1.0))


def by_points(view: View, number: int) -> None:
    """Explain how to draw, and let the reader write the corners instead."""
    st.html(f'<p class="ob-note">{markup(t("own.draw_help", lang()))}</p>')
    text = st.text_area(t("own.points", lang()), key="own_points", max_chars=20_000, height=120)
    if st.button(t("own.points_use", lang()), key="own_points_use"):
        corners = []
        for line in filter(str.strip, text.splitlines()):
            numbers = [float(n.replace(",", ".")) for n in _NUMBERS.findall(line)]
            if len(numbers) != 2:
                st.error(t("own.points_strange", lang(), found=tables.plain(line[:60])))
                return
            corners.append((numbers[0], numbers[1]))
        use_ring(view, number, corners)


def use_ring(view: View, number: int, corners: list[tuple[float, float]]) -> None:
    """Let an own area be what lies within a ring, or say why it cannot be."""
    from omradesbild.collect import uploads

    try:
        _use_shape(view, number, uploads.ring(corners))
    except uploads.UploadError as error:
        st.error(t(f"own.{error.code}", lang(), **error.values))


def _use_shape(view: View, number: int, feature) -> NoReturn:
    from omradesbild.collect import uploads

    found = uploads.overlap(feature, shared().pack.boundaries)
    names = [shared().pack.areas[a].name for a in found.slivers]
    notes = [t("own.note_repaired", lang())] if feature.repaired else []
    notes += [t("own.note_slivers", lang(), names=words.listing(names, lang()))] if names else []
    notes += [t("own.note_outside", lang(), share=share_text(found.outside, lang()))] if found.outside > uploads.SLIVER else []
    change(view, number, found.shares, feature.name, tuple(notes))


def by_file(view: View, number: int) -> None:
    """Let the reader upload a file and choose which of its shapes to use."""
    from omradesbild.collect import uploads

    most = uploads.MOST_BYTES // 1_000_000
    given = st.file_uploader(
        t("own.file", lang()),
        type=[ending[1:] for ending in uploads.ENDINGS],
        key="own_file",
        help=t("own.file_help", lang(), most=most),
        max_upload_size=controls.LARGEST_FILE,
    )
    if given is None:
        return
    kept = saved_text(given.getvalue()) if given.name.lower().endswith("json") else ""
    try:
        found = [] if kept else uploads.read(given.name, given.getvalue())
        if kept:
            if st.button(t("own.use", lang()), key="own_file_use"):
                _use_saved(view, number, kept)
        elif isinstance(found[0], str):
            _use_list(view, number, found)
        else:
            _use_one(view, number, found)
    except uploads.UploadError as error:
        values = {name: tables.plain(str(value)) for name, value in error.values.items()}
        st.error(t(f"own.{error.code}", lang(), **values))


def _use_one(view: View, number: int, features: list) -> None:
    from omradesbild.collect import uploads

    names = [own.clean_name(f.name) or t("own.feature_number", lang(), number=n) for n, f in enumerate(features, 1)]
    chosen = 0
    if len(features) > 1:
        labels = [t("own.feature_all", lang()), *(f"{n}. {name}" for n, name in enumerate(names, 1))]
        label = st.selectbox(t("own.feature", lang()), labels, key="own_feature")
        chosen = labels.index(label)
    if st.button(t("own.use", lang()), key="own_file_use"):
        _use_shape(view, number, features[chosen - 1] if chosen else uploads.together(features))


def _use_list(view: View, number: int, cells: list[str]) -> None:
    """Offer the areas that a list names by code or by name; say what was not found."""
    pack = shared().pack
    areas = [a for a in pack.areas.values() if a.level is not Level.KOMMUN]
    exact = {name: area for area in reversed(areas) for name in (find.fold(area.id), find.fold(area.name))}
    hits = [(cell, exact.get(find.fold(cell))) for cell in cells]
    shares = {part: 1.0 for _, area in hits if area for part in members_of(area, pack) or (area.id,)}
    lost = [own.clean_name(cell) for cell, area in hits if area is None]
    notes = [t("own.note_matched", lang(), number=len(shares))]
    notes += [t("own.note_unmatched", lang(), names=words.listing(lost[:20], lang()))] if lost else []
    if not shares:
        st.error(t("own.file_nothing", lang()))
        return
    st.html(_lines(notes))
    if st.button(t("own.use", lang()), key="own_file_use"):
        change(view, number, shares, notes=tuple(notes[1:]))


def by_draft(view: View, number: int) -> None:
    """Let the reader open or delete an area that was saved under a name."""
    if drafts.folder() is None:
        st.info(t("own.saved_nowhere", lang()))
        return
    names = drafts.names(KIND)
    if not names:
        st.info(t("own.saved_none", lang()))
        return
    name = st.selectbox(t("own.saved_which", lang()), names, key="own_saved")
    with st.container(horizontal=True):
        opens = st.button(t("own.saved_open", lang()), key="own_saved_open")
        removes = st.button(t("own.saved_remove", lang()), key="own_saved_remove")
    try:
        if opens:
            _use_saved(view, number, str(drafts.read(KIND, name).get("egna", "")))
        if removes:
            drafts.remove(KIND, name)
            st.rerun()
    except drafts.DraftError as error:
        st.error(tables.plain(str(error)))


def _use_saved(view: View, number: int, text: str) -> None:
    found, _ = own.from_text(text, shared().pack)
    if not found:
        st.error(t("own.saved_broken", lang()))
        return
    change(view, number, shares_of(found[0]), found[0].name)


def parts(view: View, number: int) -> None:
    """Let the reader tick areas in a list: what is added comes in whole."""
    pack, before = shared().pack, shares_of(area_of(view, number))
    basic = [a.id for a in pack.areas.values() if a.level == pack.info.base_level]
    chosen = st.multiselect(
        t("own.parts", lang()),
        basic,
        format_func=lambda a: pack.areas[a].name,
        key=choose(f"egna_delar_{number}", [a for a in basic if a in before]),
        placeholder=t("own.parts_choose", lang()),
        select_all=False,
    )
    if set(chosen) != set(before):
        change(view, number, {a: before.get(a, 1.0) for a in chosen})


def on_map(view: View, number: int, way: str) -> None:
    """Show what is included on the map, and let the reader click on areas or draw."""
    loaded, area = engine(), area_of(view, number)
    drawn = picture(area)
    if way == "rita":
        corners = maps.drawing_map("own_draw", drawn, shapes=loaded.shapes, url=loaded.shapes_url)
        if corners:
            use_ring(view, number, corners)
        return
    picked = maps.area_map("own_map", drawn, shapes=loaded.shapes, url=loaded.shapes_url)
    if picked:
        shares = shares_of(area)
        if picked in shares:
            del shares[picked]
        else:
            shares[picked] = 1.0
        change(view, number, shares)


def picture(area: Area | None) -> Picture:
    """Return a map of what an own area consists of."""
    pack, shares = shared().pack, shares_of(area)
    basic = [a.id for a in pack.areas.values() if a.level == pack.info.base_level]
    labels = {_WHOLE: t("own.map_whole", lang()), _PART: t("own.map_part", lang()), _OUT: t("own.map_out", lang())}
    classes = {a: _OUT if a not in shares else _WHOLE if shares[a] == 1 else _PART for a in basic}
    cut = sum(share < 1 for share in shares.values())
    summary = t("own.map_summary", lang(), number=len(shares), cut=cut)
    texts = {a: labels[code] + (f" ({share_text(shares[a], lang())})" if code == _PART else "") for a, code in classes.items()}
    return Picture(
        title=t("own.map_title", lang()),
        unit="",
        summary=summary,
        classes=classes,
        texts=texts | ({area.id: summary} if area else {}),
        legend=Legend("".join(labels), tuple(labels.values())),
        source="",
        attribution=" · ".join(pack.info.attributions),
        chosen=(area.id,) if area else (),
        demonstration=pack.info.demonstration,
        lang=lang(),
    )


# -- what there is to say about an own area ----------------------------------------------------------------


def notes(number: int) -> None:
    """Say what was left out or repaired when the area was made."""
    of, said = st.session_state.get(_NOTES, (0, ()))
    if of == number and said:
        st.info("\n".join(f"- {tables.plain(note)}" for note in said))


def about(view: View, area: Area) -> None:
    """Let the reader name an own area, and say what it consists of, how many live there and what to keep in mind."""
    number = int(area.id[-1])
    st.header(area.name, anchor=False)
    name = st.text_input(
        t("own.name", lang()),
        key=choose(f"egna_namn_{number}", area.name),
        max_chars=own.LONGEST_NAME,
        help=t("own.name_help", lang(), most=own.LONGEST_NAME),
    )
    if own.clean_name(name) not in ("", area.name):
        change(view, number, shares_of(area), own.clean_name(name))
    twin = same_as(area, shared().pack)
    said = [population(area)]
    said += [t("own.same", lang(), name=controls.area_label(twin))] if twin else []
    said += [t("own.cut", lang())] if area.shares else []
    st.html(_lines(said))
    _actions(view, area)
    pack, shares = shared().pack, shares_of(area)
    rows = [[pack.areas[a].name, a, t("own.all", lang()) if s == 1 else share_text(s, lang())] for a, s in shares.items()]
    columns = [t("column.area_name", lang()), t("column.area", lang()), t("own.share", lang())]
    tables.show(t("own.consists", lang()), columns, rows, numeric=(2,))


def population(area: Area) -> str:
    """Say how many live in an area, or that it cannot be said."""
    pack, statements = engine().pack, engine().statements
    counted = next((i for i in pack.info.headline if pack.indicators[i].kind is Kind.COUNT), None)
    s = statements.latest_of(area.id, counted) if counted else None
    if s is None:
        return t("own.population_none", lang())
    values = {"number": words.count(s.value, lang()), "period": words.period(s.period, lang())}
    return t("own.population_estimated" if area.shares else "own.population", lang(), **values)


def _actions(view: View, area: Area) -> None:
    pack = shared().pack
    with st.container(horizontal=True):
        here = to_params(replace(view, areas=(area.id,)), pack)
        st.page_link("../pages/omrade.py", label=t("own.open", lang()), query_params=here)
        if len({*view.areas, area.id}) <= MAX_AREAS:
            also = to_params(replace(view, areas=tuple(dict.fromkeys((*view.areas, area.id)))), pack)
            st.page_link("../pages/jamfor.py", label=t("own.compare", lang()), query_params=also)
        else:
            st.html(f'<p class="ob-note">{t("own.compare_full", lang(), most=MAX_AREAS)}</p>')
    with st.container(horizontal=True, vertical_alignment="center"):
        if drafts.folder() is not None:
            saves = st.button(t("own.save", lang()), key="own_save")
            again = st.checkbox(t("own.replace", lang()), key="own_replace")
            if saves:
                _save(area, again)
        st.download_button(
            t("own.download", lang()),
            data=as_file(area),
            file_name=file_name("-".join(find.fold(area.name)) or area.id, pack, "geojson"),
            mime="application/geo+json",
            on_click="ignore",
            key="own_download",
        )
        if st.button(t("own.remove", lang()), key="own_remove"):
            change(view, int(area.id[-1]), {})


def _save(area: Area, again: bool) -> None:
    content = {"egna": own.to_text((area,)), "granser": shared().pack.info.boundary_vintage}
    try:
        drafts.save(KIND, area.name, content, replace=again)
    except drafts.DraftError as error:
        st.error(tables.plain(str(error)))
    else:
        st.success(t("own.saved", lang(), name=tables.plain(area.name)))


def as_file(area: Area) -> bytes:
    """Write an own area as GeoJSON: the basic areas it consists of with their shares, and what the link says of it."""
    shares = shares_of(area)
    features = [
        f | {"properties": f["properties"] | {"share": shares[f["properties"]["id"]]}}
        for f in shared().pack.boundaries["features"]
        if f["properties"]["id"] in shares
    ]
    document = {"type": "FeatureCollection", "egna": own.to_text((area,)), "name": area.name, "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def saved_text(content: bytes) -> str:
    """Return what a file that `as_file` wrote says of its area; empty for other files."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ""
    text = document.get("egna") if isinstance(document, dict) else None
    return text if isinstance(text, str) else ""


def _lines(texts: list[str]) -> str:
    return "".join(f'<p class="ob-lead">{markup(text)}</p>' for text in texts)
