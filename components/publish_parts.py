"""The parts of the page before and while the public edition is published: what is in it, what is not, what differs."""

from __future__ import annotations

import os
from collections import Counter
from functools import lru_cache
from pathlib import Path

import streamlit as st

from components import priority_lists, publish_job, tables
from components.engine import common
from components.publish_job import Job
from components.state import lang
from omradesbild import words
from omradesbild.analyse import withheld as counting
from omradesbild.analyse.statements import Statements
from omradesbild.analyse.withheld import Withheld
from omradesbild.model import Level
from omradesbild.pack import resolve
from omradesbild.publish.site import changes, editions
from omradesbild.publish.site.changes import KINDS, Changes
from omradesbild.publish.site.refusal import EditionError
from omradesbild.publish.site.settings import BESIDE, SETTING, Settings, installed, load
from omradesbild.words import t

EDITION = "OMRADESBILD_EDITION"  # the environment's name for the folder of the edition
#: What an edition is not complete without.
WANTED = ("publisher", "address", "contact", "reviewed")
#: How wide tables of few and of more columns are, in pixels, so that the eye finds the way from a name to its number.
NARROW, WIDE = 480, 840
_ASKED = "_publish_asked"


def folder() -> Path | None:
    """Return where this installation publishes; None where it does not."""
    chosen = os.environ.get(EDITION, "").strip()
    return Path(chosen) if chosen else None


def contents() -> None:
    """Say what would be published."""
    pack, statements = common().pack, common().statements
    st.header(t("publish.contents", lang()), anchor=False)
    levels = Counter(area.level for area in pack.areas.values())
    rows = [[words.level(level, lang(), "title"), _count(levels[level])] for level in Level if levels[level]]
    rows += [
        [t("publish.indicators", lang()), _count(len(pack.indicators))],
        [t("publish.figures", lang()), _count(len(statements.frame))],
        [t("publish.initiatives", lang()), _count(len(pack.initiatives))],
        [t("publish.goals", lang()), _count(len(pack.goals))],
        [t("publish.lists", lang()), _count(len(pack.priorities))],
    ]
    with st.container(width=NARROW):
        columns = [t("publish.what", lang()), t("publish.number", lang())]
        tables.show(t("publish.contents", lang()), columns, rows, numeric=(1,), caption_hidden=True)
    told = "".join(f"<li>{tables.markup(priority_lists.published_label(one))}</li>" for one in pack.priorities)
    if told:
        st.html(f'<p class="ob-lead">{t("publish.lists_are", lang())}</p><ul>{told}</ul>')
    st.html(f'<p class="ob-note">{t("publish.not_in", lang())}</p>')


def _count(number: int) -> str:
    return words.count(number, lang())


def withheld() -> None:
    """Say how many figures are not shown, by measure and ground."""
    st.header(t("publish.withheld", lang()), anchor=False)
    st.html(f'<p class="ob-lead">{t("publish.withheld_intro", lang())}</p>')
    found = _withheld(common().statements)
    if not found:
        st.html(f'<p class="ob-lead">{t("publish.withheld_none", lang())}</p>')
        return
    grounds = [name for name in ("source", "here", "sums", "capped") if any(getattr(row, name) for row in found)]
    titles = common().pack.indicators
    rows = [
        [titles[row.indicator].title.get(lang()), *(_count(getattr(row, name)) for name in grounds), _count(row.figures)]
        for row in found
    ]
    columns = [t("column.title", lang()), *(t(f"publish.by_{name}", lang()) for name in grounds), t("publish.of_all", lang())]
    with st.container(width=WIDE):
        tables.show(t("publish.withheld", lang()), columns, rows, numeric=range(1, len(columns)), caption_hidden=True)
    st.html("".join(f'<p class="ob-note">{t(f"publish.why_{name}", lang())}</p>' for name in grounds))


@lru_cache(maxsize=2)
def _withheld(statements: Statements) -> list[Withheld]:
    return counting.withheld(statements)


def differences(place: Path | None) -> None:
    """Say what differs from the edition that is shown now; nothing where none is published from here."""
    if place is None:
        return
    st.header(t("publish.differences", lang()), anchor=False)
    earlier = editions.about(place)
    if earlier is None:
        st.html(f'<p class="ob-lead">{t("publish.first", lang())}</p>')
        return
    found = _differences(common().statements, place, earlier["edition"])
    st.html(f'<p class="ob-lead">{tables.markup(t("publish.since", lang(), edition=found.before, version=found.version))}</p>')
    lines = [t("publish.renamed", lang(), before=before, now=now) for _, _, before, now in found.renamed]
    lines += [t("publish.gone", lang(), name=gone.name) for gone in found.gone]
    lines += [t("publish.added", lang(), name=_name(kind, id_)) for kind, id_ in found.added]
    if lines:
        st.html("<ul>" + "".join(f"<li>{tables.markup(line)}</li>" for line in lines) + "</ul>")
    if not found.figures:
        st.html(f'<p class="ob-lead">{t("publish.same", lang())}</p>')
        return
    counts = Counter((change.indicator, change.kind) for change in found.figures)
    known = common().pack.indicators
    order = dict.fromkeys(change.indicator for change in found.figures)
    rows = [
        [known[i].title.get(lang()) if i in known else i, *(_count(counts[i, kind]) for kind in KINDS)] for i in order
    ]
    columns = [t("column.title", lang()), *(t(f"site.change_{kind}", lang()) for kind in KINDS)]
    with st.container(width=WIDE):
        tables.show(t("publish.differences", lang()), columns, rows, numeric=range(1, len(columns)), caption_hidden=True)


@lru_cache(maxsize=2)
def _differences(statements: Statements, place: Path, edition: str) -> Changes:
    return changes.since(place, editions.about(place), statements)


def _name(kind: str, id_: str) -> str:
    pack = common().pack
    return pack.areas[id_].name if kind == "omrade" else pack.indicators[id_].title.get(lang())


def checks() -> Settings | None:
    """Say what the pack's check found and what is not filled in; None where the edition cannot be published so."""
    st.header(t("publish.checks", lang()), anchor=False)
    report = common().refused or common().report
    if not report.ok:
        st.error(t("publish.pack_wrong", lang()))
    else:
        st.html(f'<p class="ob-lead">{t("publish.pack_right", lang(), number=sum(report.found.values()))}</p>')
    if report.findings:
        body = tables.markup(report.text(lang()))
        st.html(f'<details><summary>{t("publish.findings", lang())}</summary><pre class="ob-report">{body}</pre></details>')
    path = installed(resolve(None))
    try:
        settings = load(path) if path else Settings()
    except EditionError as error:
        st.error(tables.plain(error.text(lang())))
        return None
    empty = [t(f"publish.setting_{name}", lang()) for name in WANTED if not getattr(settings, name)]
    if empty:
        nowhere = t("publish.settings_nowhere", lang(), setting=SETTING, beside=BESIDE)
        where = t("publish.settings_in", lang(), file=path.name) if path else nowhere
        st.info(tables.plain(t("publish.settings_empty", lang(), names=words.listing(empty, lang()), where=where)))
    else:
        st.html(f'<p class="ob-lead">{t("publish.settings_filled", lang())}</p>')
    return settings if report.ok else None


# -- publishing ----------------------------------------------------------------------------------------


def publishing(place: Path | None, settings: Settings | None) -> None:
    """Let the reader publish, in two steps, and follow how far it has come."""
    st.header(t("publish.do", lang()), anchor=False)
    if place is None:
        st.info(t("publish.not_here", lang(), setting=EDITION))
        return
    job = publish_job.current()
    if job is not None and job.ok is None:
        st.fragment(_progress, run_every=1.0)(job)
        return
    if job is not None:
        _ended(job, settings)
    if settings is None:
        st.html(f'<p class="ob-note">{t("publish.blocked", lang())}</p>')
    elif _name_of(settings, common().pack.fingerprint) == (editions.about(place) or {}).get("edition"):
        st.info(t("publish.already", lang()))
    elif st.session_state.get(_ASKED):
        _sure(place)
    else:
        st.button(t("publish.begin", lang()), type="primary", on_click=_ask, args=(True,))


@lru_cache(maxsize=2)
def _name_of(settings: Settings, fingerprint: str) -> str:
    return editions.name_of(common().pack, settings)


def _sure(place: Path) -> None:
    version = common().pack.info.version
    told = {"version": tables.plain(version), "folder": tables.plain(str(place))}
    first = editions.about(place) is None
    st.warning(t("publish.sure", lang(), **told) if first else t("publish.sure_again", lang(), **told))
    with st.container(horizontal=True):
        st.button(t("publish.confirm", lang()), type="primary", on_click=_start, args=(place,))
        st.button(t("publish.cancel", lang()), on_click=_ask, args=(False,))


def _ask(asked: bool) -> None:
    st.session_state[_ASKED] = asked


def _start(place: Path) -> None:
    _ask(False)
    publish_job.start(place, resolve(None), installed(resolve(None)), lang())


def _progress(job: Job) -> None:
    """Show how far it has come; run the page again when it has ended."""
    if job.ok is not None:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    made = t("publish.progress", lang(), done=_count(job.done), total=_count(job.total))
    st.progress(share, made if job.total else t("publish.preparing", lang()))
    st.html(f'<p class="ob-note">{t("publish.going", lang())}</p>')


def _ended(job: Job, settings: Settings | None) -> None:
    if not job.ok:
        st.error(t("publish.failed", lang(), why=tables.plain(job.said)))
        return
    edition = (editions.about(job.folder) or {}).get("edition", "")
    st.success(t("publish.done", lang(), edition=edition, folder=tables.plain(str(job.folder))))
    if settings is not None and settings.address:
        address = tables.markup(settings.address)
        st.html(f'<p class="ob-lead">{t("publish.see_at", lang())} <a href="{address}">{address}</a></p>')
    command = f"python -m omradesbild serve {job.folder}"
    st.html(f'<p class="ob-note">{t("publish.see", lang())} <code>{tables.markup(command)}</code></p>')
