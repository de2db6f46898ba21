"""Checks of what a data pack says: form and content of figures, borders, references, totals.

Everything here takes parsed content and a ``Report`` to add findings to; nothing reads a file.
"""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

import numpy as np
import pandas as pd
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from omradesbild.findings import LIMIT, Report
from omradesbild.model import (
    NO_VALUE,
    RATIO_KINDS,
    Area,
    Break,
    Correction,
    Flag,
    Goal,
    IndexPlan,
    Indicator,
    Initiative,
    Kind,
    Level,
    PackInfo,
    PeerVariable,
    PoliceEdition,
    PublishedList,
    Source,
)

COLUMNS = ("area", "indicator", "period", "group", "value", "numerator", "denominator", "flag", "source")
NUMBERS = ("value", "numerator", "denominator")
KEY = ["area", "indicator", "period", "group"]

#: A number beyond this is a mistake in any unit used here.
LARGEST = 1e12
#: Two areas may overlap by this share of the smaller one before it is an error (drawing precision).
OVERLAP = 0.01
#: Degrees, two steps of coordinates with five decimals (1–2 m): a narrower slit between neighbours is a
#: drawing fault, a wider one may be water.
SLIT = 0.00002
#: The areas' sum may fall short of the city by this share (people registered in no known area) …
SHORT_OF_CITY = 0.01
#: … but can exceed it only by what protection of small counts explains.
ABOVE_CITY = 0.001
#: SCB's protection moves a count by at most about this much; n independent ones by about √n times it.
PROTECTION = 2.0
#: So many standard deviations of the noise in a sum are passed over: one sum in two million lies further away by chance.
MOST_NOISE = 5.0

_NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_DECIMAL_COMMA = r"-?[0-9 \u00a0\u202f]+,[0-9]+"
_NOT_FINITE = r"(?i)[+-]?(nan|inf|infinity)|n/?a|null|none|#n/a"
_PERIOD = r"[0-9]{4}(/[0-9]{2})?(K[1-4])?"


# ---- figures: form ------------------------------------------------------------------------------


def numbers(raw: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Turn the text columns value, numerator and denominator into float64 (empty → NaN).

    Parameters
    ----------
    raw
        Rows as text or categories of text, with the columns ``COLUMNS`` and file and row (line number).

    Returns
    -------
    The same rows and a boolean column ``sound``: False where a number could not be read.
    """
    frame, sound = raw.copy(deep=False), np.ones(len(raw), bool)
    for column in NUMBERS:
        cells = raw[column].astype("category").cat
        place, text = cells.codes.to_numpy(), pd.Series(cells.categories, dtype="str")
        readable = text.str.fullmatch(_NUMBER)
        number = np.full(len(text), np.nan)
        number[readable] = text[readable].astype("float64")
        unreadable = ~readable & (text != "")
        comma = unreadable & text.str.fullmatch(_DECIMAL_COMMA)
        infinite = (unreadable & text.str.fullmatch(_NOT_FINITE)) | np.isinf(number)
        large = ~infinite & (np.abs(number) > LARGEST)
        for code, mask in (
            ("decimal_comma", comma),
            ("not_finite", infinite),
            ("not_a_number", unreadable & ~comma & ~infinite),
            ("too_large", large),
        ):
            if mask.any():
                rows = mask.to_numpy()[place]
                _rows(report, raw, rows, code, column)
                sound &= ~rows
        frame[column] = number[place]
    return frame.assign(sound=sound)


def order(frame: pd.DataFrame, report: Report) -> None:
    """Report keys that occur twice (naming both rows) and the first row of a file out of order."""
    by = ["indicator", "area", "period", "group"]
    ranks = [_ranks(frame[column]) for column in by]
    repeated = pd.DataFrame(dict(zip(by, ranks, strict=True)), frame.index).duplicated()
    if repeated.any():
        key = frame["indicator"].astype("str").str.cat([frame[c].astype("str") for c in by[1:]], sep="\x1f")
        first = frame[~repeated].set_index(key[~repeated])
        _rows(
            report,
            frame,
            repeated,
            "duplicate_row",
            None,
            lambda row: f"samma nyckel som rad {first.at[key[row.Index], 'row']} i "
            f"{first.at[key[row.Index], 'file']} ({row.area}, {row.indicator}, {row.period}, ”{row.group}”)",
        )
    late = np.zeros(max(0, len(frame) - 1), bool)
    same = np.ones(len(late), bool)
    for rank in ranks:
        late |= same & (rank[1:] < rank[:-1])
        same &= rank[1:] == rank[:-1]
    file = _ranks(frame["file"])
    at = np.flatnonzero(late & (file[1:] == file[:-1])) + 1
    for row in frame.iloc[at].drop_duplicates("file")[::-1].itertuples():
        report.add("not_sorted", row.file, "en rad som hör hemma tidigare", row=int(row.row))


def _ranks(column: pd.Series) -> np.ndarray:
    """Number texts by their place in the order of all different ones."""
    cells = column.astype("category").cat
    texts = np.array(cells.categories, object)
    rank = np.empty(len(texts), "int32")
    rank[np.argsort(texts)] = np.arange(len(texts))
    return rank[cells.codes.to_numpy()]


# ---- figures: content ---------------------------------------------------------------------------


def known(frame: pd.DataFrame, column: str, ids: Collection[str], where: str, report: Report) -> None:
    """Report rows whose `column` (area, indicator or source) is not among `ids`."""
    _rows(
        report,
        frame,
        ~frame[column].isin(list(ids)),
        f"unknown_{column}",
        column,
        expected=lambda row: nearest(getattr(row, column), ids, where),
    )


def figures(frame: pd.DataFrame, indicators: Mapping[str, Indicator], report: Report) -> None:
    """Check period, group, flag, value and ratio of every row against what its indicator says.

    Rows of unknown indicators are passed over; ``known`` has reported them.
    """
    _rows(report, frame, ~frame["period"].str.fullmatch(_PERIOD), "bad_period", "period")
    no_value = _flags(frame, report)
    meant = frame["sound"] & frame["indicator"].isin(list(indicators))
    if not meant.all():
        frame, no_value = frame[meant], no_value[meant]
    if frame.empty:
        return

    place, names = pd.factorize(frame["indicator"])
    of = [indicators[name] for name in names]

    def each(what: Callable[[Indicator], object]) -> np.ndarray:
        return np.array([what(indicator) for indicator in of])[place]

    group, groups = pd.factorize(frame["group"])
    allowed = np.array([np.isin(np.array(groups, object), ["", *(g.id for g in i.groups)]) for i in of])
    strange = ~allowed[place, group]
    _rows(
        report,
        frame,
        strange,
        "unknown_group",
        "group",
        expected=lambda row: ", ".join(g.id for g in indicators[row.indicator].groups) or "tomt",
    )

    value, numerator, denominator = (frame[column] for column in NUMBERS)
    count, share = each(lambda i: i.kind is Kind.COUNT), each(lambda i: i.kind is Kind.SHARE)
    ratio = each(lambda i: i.kind in RATIO_KINDS)
    filled = value.notna()
    half = numerator.notna() != denominator.notna()
    _rows(report, frame, filled & no_value, "value_despite_flag", "value")
    _rows(report, frame, ~filled & ~no_value, "missing_without_flag", "value")
    _rows(report, frame, half & ratio, "half_ratio", "numerator", _ratio)
    _rows(
        report,
        frame,
        (numerator.notna() | denominator.notna()) & count,
        "ratio_for_count",
        "numerator",
        _ratio,
    )
    _rows(report, frame, (denominator == 0) & filled, "zero_denominator", "denominator")

    counted = each(lambda i: i.kind in (Kind.COUNT, Kind.SHARE, Kind.RATE))
    _rows(report, frame, (numerator < 0) & counted, "negative", "numerator")
    _rows(report, frame, (denominator < 0) & ratio, "negative", "denominator")
    whole = each(lambda i: i.kind in (Kind.COUNT, Kind.CLASS)) & ~_has_flag(frame, Flag.ESTIMATED)
    _rows(report, frame, whole & filled & (value % 1 != 0), "not_whole", "value")

    low = each(lambda i: limits(i)[0])
    high = each(lambda i: limits(i)[1])
    negative = (value < 0) & (low == 0)
    _rows(report, frame, negative, "negative", "value")
    _rows(
        report,
        frame,
        ((value < low) | (value > high)) & ~negative,
        "out_of_range",
        "value",
        expected=lambda row: "{} och {}".format(*(f"{x:g}" for x in limits(indicators[row.indicator]))),
    )
    larger = (numerator > denominator) & share
    _rows(report, frame, larger, "numerator_larger", "numerator", _ratio)

    factor = each(lambda i: i.factor)
    divisor = denominator.where(denominator > 0)
    exact = factor * numerator / divisor
    slack = each(lambda i: max(0.051, 0.5 * 10.0**-i.decimals + 0.001)) + 1e-9 * value.abs()
    # an estimate's numerator and denominator were rounded to whole persons after the division
    rounding = 0.5 * (factor + exact.abs()) / divisor
    slack += rounding.where(_has_flag(frame, Flag.ESTIMATED), 0.0)
    differs = ((value - exact).abs() > slack) & ratio & ~larger
    _rows(report, frame, differs, "value_mismatch", "value", expected=lambda row: f"{exact[row.Index]:.4g}")


def limits(indicator: Indicator) -> tuple[float, float]:
    """Return the lowest and highest possible value: the indicator's range, else what its kind implies.

    A share lies between 0 and its factor (100), a count or a rate is not negative.
    """
    low, high = indicator.range
    if low is None:
        low = 0.0 if indicator.kind in (Kind.COUNT, Kind.SHARE, Kind.RATE) else -math.inf
    if high is None:
        high = indicator.factor if indicator.kind is Kind.SHARE else math.inf
    return low, high


def _flags(frame: pd.DataFrame, report: Report) -> pd.Series:
    """Report unknown and contradictory flags; return where a flag says that there is no value."""
    codes = {text: text.split() for text in frame["flag"].unique()}
    valid = {str(flag) for flag in Flag}
    unknown = [t for t, c in codes.items() if not valid.issuperset(c) or len(set(c)) < len(c)]
    conflict = [t for t, c in codes.items() if len(NO_VALUE.intersection(c)) > 1]
    without = [t for t, c in codes.items() if NO_VALUE.intersection(c)]
    expected = "flaggor ur listan " + "  ".join(Flag)
    _rows(report, frame, frame["flag"].isin(unknown), "unknown_flag", "flag", expected=lambda row: expected)
    _rows(report, frame, frame["flag"].isin(conflict), "flag_conflict", "flag")
    return frame["flag"].isin(without)


def _has_flag(frame: pd.DataFrame, flag: Flag) -> pd.Series:
    """Return where `flag` is among the flags of a row."""
    having = [text for text in frame["flag"].unique() if flag in text.split()]
    return frame["flag"].isin(having)


def totals(
    frame: pd.DataFrame,
    whole_of: Mapping[str, str],
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
    report: Report,
) -> None:
    """Compare sums of base areas with the own rows of their wholes, for counts and for parts of shares.

    `whole_of` says which whole a base area belongs to: the city, or one of a country's kommuner. The sum may be
    smaller than the whole because some people are registered in no known area, but it cannot be larger. Protection of small counts moves each figure by up to ``PROTECTION``, so
    differences up to ``PROTECTION`` × √(number of areas) are passed over, and where a source adds noise
    to its counts ``MOST_NOISE`` standard deviations of all that was added. Beyond that a difference is
    a warning, and for counts an error when the sum exceeds the whole by more than ``ABOVE_CITY`` or
    falls short by more than ``SHORT_OF_CITY``, unless a figure is flagged as estimated.
    """
    number = Counter(whole_of.values())
    if not frame["area"].isin(list(number)).any():
        return
    sound = frame[frame["sound"] & frame["area"].isin([*number, *whole_of])]
    sound = sound.assign(variance=_variance(sound, sources))
    for kind, column in ((Kind.COUNT, "value"), (Kind.SHARE, "numerator"), (Kind.SHARE, "denominator")):
        ids = [i.id for i in indicators.values() if i.kind is kind]
        rows = sound[sound["indicator"].isin(ids) & sound[column].notna()]
        rows = rows.assign(estimated=_has_flag(rows, Flag.ESTIMATED))
        own = rows[rows["area"].isin(list(number))]
        if own.empty:
            continue
        parts = rows[rows["area"].isin(list(whole_of))]
        parts = parts.assign(area=parts["area"].astype("str").map(whole_of)).groupby(KEY)
        sums = parts.agg(total=(column, "sum"), areas=(column, "size"), rough=("estimated", "any"), spread=("variance", "sum"))
        both = own.astype({"area": "str"}).merge(sums.reset_index(), on=KEY)
        over = both["total"] - both[column]
        noise = slack(both["areas"], both["variance"] + both["spread"])
        differs = (over > noise) | ((over < -noise) & (both["areas"] == both["area"].map(number)))
        share = np.where(over > 0, ABOVE_CITY, SHORT_OF_CITY)
        wrong = (over.abs() > share * both[column]) & (kind is Kind.COUNT)
        wrong &= ~both["rough"] & ~both["estimated"]
        for code, mask in (("total_wrong", differs & wrong), ("total_differs", differs & ~wrong)):
            _rows(
                report,
                both,
                mask,
                code,
                column,
                lambda row: f"summan {_exact(row.total)} ({row.area}, {row.indicator}, {row.period}, ”{row.group}”)",
                lambda row, column=column: _exact(getattr(row, column)),
            )


def slack(number: np.ndarray, variance: np.ndarray, moved: float = PROTECTION) -> np.ndarray:
    """Return how far a sum of `number` counts may lie from the whole by what is done to protect people.

    Parameters
    ----------
    variance
        Of the random numbers that were added to all of them.
    moved
        How far the protection of small counts moves one of them.
    """
    return np.maximum(moved * np.sqrt(number), MOST_NOISE * np.sqrt(variance))


def _variance(frame: pd.DataFrame, sources: Mapping[str, Source]) -> np.ndarray:
    """Return the variance of the random numbers that a row's source has added to each of its counts."""
    found = np.zeros(len(frame))
    for id_, source in sources.items():
        if source.noise:
            here = (frame["source"] == id_).to_numpy()
            period, names = pd.factorize(frame["period"][here])
            found[here] = np.array([source.noise.variance(name) for name in names])[period]
    return found


def parts(frame: pd.DataFrame, indicators: Mapping[str, Indicator], report: Report) -> None:
    """Report groups of a count that are larger than the total of the same area and period."""
    counts = [i.id for i in indicators.values() if i.kind is Kind.COUNT and i.groups]
    rows = frame[frame["sound"] & frame["indicator"].isin(counts)]
    whole = rows[rows["group"] == ""].drop_duplicates(KEY).set_index(KEY[:3])["value"].rename("whole")
    groups = rows[rows["group"] != ""].join(whole, on=KEY[:3])
    larger = groups["value"] > groups["whole"] + PROTECTION
    _rows(report, groups, larger, "part_larger", "value", expected=lambda row: _exact(row.whole))


def coverage(
    frame: pd.DataFrame,
    areas: Mapping[str, Area],
    base: Collection[str],
    indicators: Mapping[str, Indicator],
    boundary_file: str,
    report: Report,
) -> None:
    """Report base areas, indicators and declared levels without figures, and undeclared levels."""
    figured = set(frame["area"].unique())
    for area in base:
        if area not in figured:
            report.add("area_without_figures", boundary_file, f"ingen siffra för {area}")
    level = frame["area"].map({area.id: str(area.level) for area in areas.values()})
    pairs = frame.assign(level=level).drop_duplicates(["indicator", "level"]).dropna(subset=["level"])
    undeclared = [
        row.level not in indicators[row.indicator].levels if row.indicator in indicators else False
        for row in pairs.itertuples()
    ]
    _rows(
        report,
        pairs,
        np.array(undeclared, dtype=bool),
        "undeclared_level",
        "area",
        lambda row: f"{row.indicator} på nivån {row.level}",
    )
    seen = set(zip(pairs["indicator"], pairs["level"], strict=True))
    for indicator in indicators.values():
        file = f"catalog/indicators/{indicator.id}.yaml"
        empty = [lev for lev in indicator.levels if (indicator.id, str(lev)) not in seen]
        if len(empty) == len(indicator.levels):
            report.add("indicator_without_figures", file, f"ingen siffra för {indicator.id}")
        elif empty:
            report.add("level_without_figures", file, "ingen siffra på nivån " + ", ".join(empty))


# ---- borders ------------------------------------------------------------------------------------


def borders(collection: object, file: str, report: Report) -> list[tuple[str, str]]:
    """Check a GeoJSON FeatureCollection and return (id, name) of every feature that has both.

    Coordinates must be longitude and latitude (EPSG:4326), shapes valid, and the areas together a
    coverage: no overlaps, and neighbours share their vertices.
    """
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection" or not features:
        report.add("geojson", file, "något annat", expected="en FeatureCollection med minst en yta")
        return []
    _crs(collection, file, report)
    names: dict[str, str] = {}
    shapes: dict[str, shapely.Geometry] = {}
    for number, feature in enumerate(features, start=1):
        found = _properties(feature, number, file, report)
        if found is None:
            continue
        if found[0] in names:
            report.add("duplicate_id", file, f"{found[0]} två gånger", column="id")
            continue
        names[found[0]] = found[1]
        geometry = _geometry(feature, found[0], file, report)
        if geometry is not None:
            shapes[found[0]] = geometry
    shapes = _in_degrees(shapes, file, report)
    _seams(shapes, file, report)
    return list(names.items())


def _crs(collection: dict, file: str, report: Report) -> None:
    crs = collection.get("crs")
    if crs is not None and not any(name in str(crs) for name in ("4326", "CRS84")):
        report.add("crs", file, f"koordinatsystemet {crs}", column="crs")


def _properties(feature: object, number: int, file: str, report: Report) -> tuple[str, str] | None:
    """Return (id, name) of a feature, or None after reporting what is missing."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        report.add("geojson", file, f"yta nummer {number} utan properties", expected="properties med id och name")
        return None
    for key in ("id", "name"):
        text = properties.get(key)
        if not isinstance(text, str) or not text.strip():
            report.add("geojson", file, f"yta nummer {number} med {key} {text!r}", expected=f"en text i {key}")
            return None
    size = properties.get("area_km2")
    if isinstance(size, bool) or not isinstance(size, (int, float)) or not 0 < size < LARGEST:
        report.add(
            "geojson", file, f"{properties['id']} med area_km2 {size!r}", expected="en yta i km² större än noll"
        )
    return properties["id"], properties["name"]


def _geometry(feature: dict, area: str, file: str, report: Report) -> shapely.Geometry | None:
    """Return the feature's polygon, or None after reporting what is wrong with it."""
    if not feature.get("geometry"):
        report.add("geometry_missing", file, f"{area} utan yta")
        return None
    try:
        geometry = shape(feature["geometry"])
        empty = geometry.is_empty
        polygonal = geometry.geom_type in ("Polygon", "MultiPolygon")
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, ShapelyError) as e:
        report.add("geometry_invalid", file, f"{area}: ytan går inte att läsa ({e})")
        return None
    if empty:
        report.add("geometry_missing", file, f"{area} med en tom yta")
        return None
    if not polygonal:
        report.add("geometry_invalid", file, f"{area}: {geometry.geom_type} i stället för Polygon")
        return None
    return geometry


def _in_degrees(
    shapes: dict[str, shapely.Geometry], file: str, report: Report
) -> dict[str, shapely.Geometry]:
    """Return the valid shapes whose coordinates can be longitude and latitude; report the others."""
    sound, outside = {}, []
    for area, geometry in shapes.items():
        coordinates = np.abs(shapely.get_coordinates(geometry))
        if not (coordinates <= (180.0, 90.0)).all():
            outside.append(area)
        elif not geometry.is_valid:
            report.add("geometry_invalid", file, f"{area}: {shapely.is_valid_reason(geometry)}")
        else:
            sound[area] = geometry
    if outside:
        point = shapely.get_coordinates(shapes[outside[0]])[0]
        report.add(
            "crs", file, f"koordinaten {point[0]:g}, {point[1]:g} i {outside[0]} ({len(outside)} ytor utanför)"
        )
    return sound


def _seams(shapes: dict[str, shapely.Geometry], file: str, report: Report) -> None:
    """Report pairs of areas that overlap, and areas whose edges do not fit their neighbours'."""
    ids, geometries = list(shapes), np.array(list(shapes.values()), dtype=object)
    if len(ids) < 2:
        return
    loose = ~shapely.is_empty(shapely.coverage_invalid_edges(geometries, gap_width=SLIT))
    explained = set()
    which = np.flatnonzero(loose)
    tree = shapely.STRtree(geometries[which])
    for i, j in zip(*tree.query(geometries[which], predicate="intersects"), strict=True):
        if i >= j:
            continue
        a, b = geometries[which[i]], geometries[which[j]]
        share = shapely.intersection(a, b).area / min(a.area, b.area)
        if share > OVERLAP:
            pair = ids[which[i]], ids[which[j]]
            explained.update(pair)
            report.add("overlap", file, f"{pair[0]} och {pair[1]}: {100 * share:.0f} % av den mindre ytan")
    for i in which:
        if ids[i] not in explained:
            report.add("seam", file, f"{ids[i]} passar inte ihop med sina grannar")


# ---- areas and catalogue ------------------------------------------------------------------------


def areas(
    named: Iterable[Area], base: Collection[str], base_level: Level, city: str, file: str, report: Report
) -> None:
    """Check the areas of areas.yaml: the city is there, members are base areas, base areas have shapes."""
    named = list(named)
    if not any(area.id == city and area.level is Level.KOMMUN for area in named):
        report.add("city_missing", file, f"inget område på nivån kommun med id {city}")
    for area in named:
        if area.level is Level.CUSTOM:
            expected = "en nivå för områden i ett paket; eget är för läsarens egna"
            report.add("schema", file, f"nivån {area.level} för {area.id}", expected=expected, column="level")
        if area.level is base_level and area.id not in base:
            report.add("geometry_missing", file, f"{area.id} utan yta")
        if area.level in (Level.NAMED, Level.CITY_AREA, Level.DISTRICT) and not area.members:
            report.add("no_members", file, f"{area.id} utan områden som det består av", column="members")
        _members(area, base, file, report)


def kommuner(listed: Collection[Area], others: Mapping[str, Area], base: Collection[str], file: str, report: Report) -> None:
    """Check a country's kommuner: each has areas, which are base areas, no area lies in two, and no other area has its id."""
    for area in listed:
        if area.id in others:
            found = f"{area.id} för kommunen {area.name} och för {others[area.id].name}, som är ett annat område i paketet"
            report.add("duplicate_id", file, found, column="id")
        if area.level is not Level.KOMMUN:
            report.add("schema", file, f"nivån {area.level} för {area.id}", expected="nivån kommun", column="level")
        if not area.members:
            report.add("no_members", file, f"{area.id} utan områden som det består av", column="members")
        _members(area, base, file, report)
    unrepeated((member for area in listed for member in area.members), file, report)


def _members(area: Area, base: Collection[str], file: str, report: Report) -> None:
    """Report members that are no base areas."""
    for member in area.members:
        if member not in base:
            report.add(
                "unknown_member",
                file,
                f"{member} i {area.id}",
                expected=nearest(member, base, "ett område i gränsfilen"),
                column="members",
            )


def level_words(info: PackInfo, known_areas: Mapping[str, Area], file: str, report: Report) -> None:
    """Report words for a level that has no areas."""
    used = {area.level for area in known_areas.values()}
    for level in info.levels:
        if level not in used:
            report.add("level_unused", file, f"ord för nivån {level}, som saknar områden", column="levels")


def aliases(
    table: Mapping[str, Iterable[str]], known_areas: Mapping[str, Area], file: str, report: Report
) -> None:
    """Check that everyday names belong to areas that exist; report names that lead to several.

    An area may share a name with its own members: both are what the reader looks for.
    """
    for area in table:
        if area not in known_areas:
            report.add(
                "unknown_alias",
                file,
                f"vardagsnamn för {area}",
                expected=nearest(area, known_areas, "ett område i paketet"),
            )
    owners: dict[str, list[Area]] = {}
    for area in known_areas.values():
        for name in dict.fromkeys(alias.casefold() for alias in area.aliases):
            owners.setdefault(name, []).append(area)
    for name, owning in owners.items():
        ids = {area.id for area in owning}
        if len(ids) > 1 and not any(ids <= {area.id, *area.members} for area in owning):
            report.add("shared_alias", file, f"”{name}” för {', '.join(sorted(ids))}")


def references(
    info: PackInfo | None,
    breaks: Iterable[Break],
    goals: Iterable[Goal],
    initiatives: Iterable[Initiative],
    police: Iterable[PoliceEdition],
    area_ids: Collection[str] | None,
    indicator_ids: Collection[str] | None,
    goal_ids: Collection[str] | None,
    report: Report,
) -> None:
    """Check that headline, breaks, goals, initiatives and police editions name things that exist.

    An argument that is None means that its catalogue could not be read; it is not checked against.
    """

    refer = partial(_refer, report)
    for key in ("headline", "ordering"):
        refer("pack.yaml", key, key, getattr(info, key, ()), indicator_ids)
    for item in breaks:
        refer("catalog/breaks.yaml", item.id, "indicators", item.indicators, indicator_ids)
        refer("catalog/breaks.yaml", item.id, "areas", item.areas, area_ids)
    for goal in goals:
        refer("catalog/goals.yaml", goal.id, "indicators", goal.indicators, indicator_ids)
    for item in initiatives:
        refer("catalog/initiatives.yaml", item.id, "areas", item.areas, area_ids)
        refer("catalog/initiatives.yaml", item.id, "goals", item.goals, goal_ids)
        if item.start and item.end and item.end < item.start[: len(item.end)]:
            report.add("date_order", "catalog/initiatives.yaml", f"{item.id}: {item.start} till {item.end}")
    for edition in police:
        for entry in edition.entries:
            owner = f"{entry.id} {edition.edition}"
            refer("catalog/police.yaml", owner, "overlap", entry.overlap, area_ids)
            for area, share in entry.overlap.items():
                if not 0 <= share <= 1:
                    report.add("overlap_share", "catalog/police.yaml", f"{share} för {area} i {owner}")


def corrections(
    listed: Iterable[Correction], area_ids: Collection[str] | None, indicators: Mapping[str, Indicator] | None, file: str, report: Report
) -> None:
    """Check that corrections are of areas, indicators and groups that exist; None: their catalogue could not be read."""
    for one in listed:
        owner = f"rättelsen {one.decided}"
        _refer(report, file, owner, "area", [one.area], area_ids)
        _refer(report, file, owner, "indicator", [one.indicator], indicators)
        _refer(report, file, owner, "group", [one.group], _groups(one.indicator, indicators))


def _groups(indicator: str, indicators: Mapping[str, Indicator] | None) -> list[str] | None:
    """Return the groups that an indicator's figures can be of, the empty one for all; None where it is not known."""
    known = None if indicators is None else indicators.get(indicator)
    return ["", *(group.id for group in known.groups)] if known else None


def lists(
    published: Iterable[PublishedList],
    info: PackInfo | None,
    areas: Collection[str] | None,
    indicators: Mapping[str, Indicator] | None,
    file: str,
    report: Report,
) -> None:
    """Check that published lists of priorities are of this pack and name, once each, what exists.

    An argument that is None means that its catalogue could not be read; it is not checked against.
    """
    for one in published:
        if info is not None and one.chosen.pack != info.id:
            report.add("other_pack", file, f"{one.chosen.pack} i {one.id}", expected=info.id, column="pack")
        for entry in one.chosen.entries:
            _refer(report, file, one.id, "area", [entry.area], areas)
            _refer(report, file, one.id, "indicator", [entry.indicator], indicators)
            _refer(report, file, one.id, "group", [entry.group], _groups(entry.indicator, indicators))
        keys = (f"{e.area} {e.indicator} {e.group}".strip() for e in one.chosen.entries)
        unrepeated((f"{key} i {one.id}" for key in keys), file, report)


def plans(
    plan: IndexPlan | None,
    variables: Iterable[PeerVariable],
    indicators: Mapping[str, Indicator] | None,
    report: Report,
) -> None:
    """Check that the index and the peers are built on indicators that exist and can be part of them.

    An index needs indicators where one way is better, and neither classes nor counts; a likeness is of shares.
    """
    if indicators is None:
        return

    def named(file: str, column: str, ids: Iterable[str]) -> list[Indicator]:
        ids = list(ids)
        _refer(report, file, column, column, ids, indicators)
        return [indicators[one] for one in ids if one in indicators]

    if plan is not None:
        for indicator in named("catalog/index.yaml", "weights", plan.weights):
            if not indicator.weighable:
                report.add("not_weighable", "catalog/index.yaml", indicator.id, column="weights")
        shares = plan.likeness.model_dump(exclude={"stand_in"}).values() if plan.likeness else ()
        for indicator in named("catalog/index.yaml", "likeness", shares):
            if indicator.kind is not Kind.SHARE:
                report.add("not_a_share", "catalog/index.yaml", indicator.id, column="likeness")
        for indicator in named("catalog/index.yaml", "published", filter(None, [plan.published])):
            if indicator.kind is not Kind.CLASS:
                report.add("not_a_class", "catalog/index.yaml", indicator.id, column="published")
    for variable in variables:
        named("catalog/peers.yaml", "indicator", [variable.indicator])
        named("catalog/peers.yaml", "near", variable.near)


def _refer(report: Report, file: str, owner: str, column: str, ids: Iterable[str], known_ids: Collection[str] | None) -> None:
    """Report ids in `owner` that are not among those known; None: the catalogue could not be read."""
    for one in ids:
        if known_ids is not None and one not in known_ids:
            expected = nearest(one, known_ids, "något som finns i paketet")
            report.add("unknown_reference", file, f"{one} i {owner}", expected=expected, column=column)


def nearest(found: str, ids: Collection[str], where: str) -> str:
    """Return what was expected in words, with the id most like `found` if there is one."""
    close = difflib.get_close_matches(found, list(ids), 1)
    return f"{where} (närmast: {close[0]})" if close else where


def unrepeated(ids: Iterable[str], file: str, report: Report) -> None:
    """Report ids that occur more than once in a catalogue file."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            report.add("duplicate_id", file, f"{one} två gånger", column="id")
        seen.add(one)



# ---- listing rows -------------------------------------------------------------------------------


def _ratio(row: object) -> str:
    return f"täljare {_exact(row.numerator)} och nämnare {_exact(row.denominator)}"


def _exact(number: float) -> str:
    """Write a number as it stands in a pack's files: millions have all their digits."""
    return f"{number:.12g}"


def _rows(
    report: Report,
    frame: pd.DataFrame,
    mask: pd.Series | np.ndarray,
    code: str,
    column: str | None,
    found: Callable[[object], str] | None = None,
    expected: Callable[[object], str] = lambda row: "",
) -> None:
    """Add a finding for each row of `frame` under `mask`; words are found only for those to be listed."""
    if not mask.any():
        return
    for file, part in frame[mask].groupby("file", sort=False, observed=True):
        for row in part.head(LIMIT).itertuples():
            text = found(row) if found else f"”{getattr(row, column)}” ({row.area}, {row.indicator}, {row.period})"
            report.add(code, file, text, expected=expected(row), row=int(row.row), column=column)
        report.found[code, file] += max(0, len(part) - LIMIT)
