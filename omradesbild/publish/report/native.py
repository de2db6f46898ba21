"""Charts of the office programs' own: a reader can change them and see their numbers."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property

import xlsxwriter
from pptx.chart.chart import Chart as Native
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml import parse_xml
from pptx.util import Pt

from omradesbild.publish import style
from omradesbild.publish.document import Chart, Figure, Series
from omradesbild.publish.figures import axis
from omradesbild.publish.report.office import clean
from omradesbild.words import t

KINDS = {
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "pyramid": XL_CHART_TYPE.BAR_CLUSTERED,
}
#: The same dashes and markers as in the project's own pictures.
DASHES = ("solid", "dash", "sysDot", "dashDot", "lgDash", "lgDashDot")
MARKERS = ("circle", "square", "diamond", "triangle", "x", "plus")
#: The end of the name of a line's earlier part, before a break: "(–2019)".
_EARLIER = re.compile(r" \(–[^()]*\)$")
#: The workbook's sheet; python-pptx's references name it.
_SHEET = "Sheet1"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
#: How a year is written on an axis of dates, and so many of them there is room for.
YEAR, YEARS = "yyyy", 8
_LOCALES = {"sv": "[$-41D]", "en": "[$-809]"}


class Numbers(CategoryChartData):
    """A chart's numbers, with a workbook that takes no text for a formula; xlsxwriter gives the same bytes every time."""

    def __init__(self, chart: Chart, moment: datetime, lang: str):
        super().__init__(number_format=number_format(chart, lang))
        self._chart, self._moment = chart, moment
        self.categories = dates(chart) or [clean(category) for category in chart.categories]
        for series, values in zip(chart.series, drawn(chart), strict=True):
            self.add_series(clean(series.name), values)

    @cached_property
    def xlsx_blob(self) -> bytes:
        """The workbook behind the chart, laid out as python-pptx's references expect."""
        target = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(target, options)
        book.set_properties({"created": self._moment.replace(tzinfo=None)})
        form = book.add_format({"num_format": self.number_format})
        sheet = book.add_worksheet(_SHEET)
        sheet.set_column(0, len(self._chart.series), 16)
        for row, category in enumerate(dates(self._chart), start=1):
            sheet.write_datetime(row, 0, datetime(category.year, 1, 1), book.add_format({"num_format": YEAR}))
        for row, category in enumerate(() if dates(self._chart) else self._chart.categories, start=1):
            sheet.write_string(row, 0, clean(category))
        for column, (series, values) in enumerate(zip(self._chart.series, drawn(self._chart), strict=True), start=1):
            sheet.write_string(0, column, clean(series.name))
            for row, value in enumerate(values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value, form)
        book.close()
        return target.getvalue()


def drawn(chart: Chart) -> list[tuple[float | None, ...]]:
    """Return the values of each series as they are drawn: those to the left of a pyramid's middle below zero."""
    sides = (-1 if chart.kind == "pyramid" and n % 2 == 0 else 1 for n in range(len(chart.series)))
    return [tuple(v if v is None else side * v for v in s.values) for s, side in zip(chart.series, sides, strict=True)]


def dates(chart: Chart) -> list[date]:
    """Return the years of a line as dates, so that two years apart stand twice as far as one; none for other charts."""
    yearly = chart.kind == "line" and all(re.fullmatch(r"\d{4}", category) for category in chart.categories)
    return [date(int(category), 1, 1) for category in chart.categories] if yearly else []


def number_format(chart: Chart, lang: str) -> str:
    """Return how an office program writes the chart's numbers."""
    decimals = "." + "0" * chart.decimals if chart.decimals else ""
    form = f"{_LOCALES[lang]}#,##0{decimals}"
    return f"{form};{form}" if chart.kind == "pyramid" else form


def steps(chart: Chart) -> list[float]:
    """Return where the value axis has marks, its ends first and last: those of the picture, on both sides of a pyramid's
    middle. Left to itself an office program would magnify a small change to the whole height.
    """
    left = [-mark for mark in reversed(chart.marks[1:])] if chart.kind == "pyramid" else []
    return [*left, *chart.marks]


def unit_of(figure: Figure, lang: str) -> str:
    """Return what stands above a chart: its unit, and that its axis does not begin at zero where it does not."""
    note = t("chart.not_from_zero", lang) if figure.chart and steps(figure.chart)[0] > 0 else ""
    return ". ".join(text for text in (figure.unit, note) if text)


def native(numbers: Numbers, chart: Chart, unit: str, lang: str, font: str, size: float) -> Native:
    """Return a chart of its own, dressed; for a package that python-pptx does not look after."""
    found = Native(parse_xml(numbers.xml_bytes(KINDS[chart.kind])), None)
    dress(found, chart, unit, lang, font, size)
    return found


def dress(native_: Native, chart: Chart, unit: str, lang: str, font: str, size: float) -> None:
    """Give a chart the project's look: the city thick and grey, a dash and a marker for each line, quiet axes."""
    for element in native_._chartSpace.iter(f"{{{_C}}}axId", f"{{{_C}}}crossAx"):
        element.set("val", element.get("val").lstrip("-"))  # the schema has no negative ones
    native_.has_title = False
    native_.font.name, native_.font.size = font, Pt(size)
    native_.font.color.rgb = _rgb(style.SECONDARY)
    bare = parse_xml(f'<c:spPr xmlns:c="{_C}" xmlns:a="{_A}"><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>')
    native_._chartSpace.txPr.addprevious(bare)
    _legend(native_, chart)
    _axes(native_, chart, unit, lang, size)
    names = list(dict.fromkeys(line_of(s) for s in chart.series if not _is_city(s, lang)))
    plot = native_.plots[0]
    if chart.kind == "pyramid":
        plot.gap_width, plot.overlap = 20, 100
    for shown, series in zip(plot.series, chart.series, strict=True):
        city = _is_city(series, lang)
        number = 0 if city else names.index(line_of(series)) % len(style.AREAS)
        colour = style.CITY if city else style.AREAS[number]
        if chart.kind == "line":
            _line(shown, colour, number, city)
            continue
        shown.invert_if_negative = False
        if city:
            shown.format.fill.background()
            shown.format.line.color.rgb, shown.format.line.width = _rgb(colour), Pt(1.5)
        else:
            shown.format.fill.solid()
            shown.format.fill.fore_color.rgb = _rgb(colour)


def line_of(series: Series) -> str:
    """Return the name of the line that a series is the whole or an earlier part of."""
    return _EARLIER.sub("", series.name)


def _is_city(series: Series, lang: str) -> bool:
    return line_of(series).split(", ")[0] == t("chart.city", lang)


def _line(shown, colour: str, number: int, city: bool) -> None:
    dash = DASHES[0 if city else number]
    marker = "none" if city and _has_neighbours(shown.values) else MARKERS[number]
    ink = f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'
    line = f'<c:spPr><a:ln w="{Pt(3.5 if city else 2)}">{ink}<a:prstDash val="{dash}"/></a:ln></c:spPr>'
    mark = f'<c:marker><c:symbol val="{marker}"/><c:size val="7"/><c:spPr>{ink}<a:ln>{ink}</a:ln></c:spPr></c:marker>'
    name = shown._element.find(f"{{{_C}}}tx")
    for look in reversed(parse_xml(f'<c:ser xmlns:c="{_C}" xmlns:a="{_A}">{line}{mark}</c:ser>')):
        name.addnext(look)


def _has_neighbours(values) -> bool:
    """Whether every value is joined to another by a line, so that it is seen without a marker."""
    known = [False, *(v is not None for v in values), False]
    return all(known[i - 1] or known[i + 1] for i in range(1, len(known) - 1) if known[i])


def _legend(native_: Native, chart: Chart) -> None:
    """Name every line once, below; one line is named in the title."""
    native_.has_legend = len({line_of(s) for s in chart.series}) > 1
    if not native_.has_legend:
        return
    legend = native_.legend
    legend.position, legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    last = {line_of(series): i for i, series in enumerate(chart.series)}
    position = legend._element.find(f"{{{_C}}}legendPos")
    for index in reversed([i for i in range(len(chart.series)) if i not in last.values()]):
        position.addnext(
            parse_xml(
                f'<c:legendEntry xmlns:c="{_C}"><c:idx val="{index}"/><c:delete val="1"/></c:legendEntry>'
            )
        )


def _axes(native_: Native, chart: Chart, unit: str, lang: str, size: float) -> None:
    values, names = native_.value_axis, native_.category_axis
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = _rgb(style.HAIRLINE)
    values.major_gridlines.format.line.width = Pt(0.75)
    values.format.line.fill.background()
    values.major_tick_mark = names.major_tick_mark = XL_TICK_MARK.NONE
    marks = steps(chart)
    values.tick_labels.number_format = number_format(replace(chart, decimals=axis.decimals(marks)), lang)
    if chart.kind == "pyramid":  # its two sides have the unit at their marks, as in the project's own picture
        values.tick_labels.number_format, unit = marks_format(chart, marks, lang), ""
    values.tick_labels.number_format_is_linked = False
    if dates(chart):
        names.tick_labels.number_format, names.tick_labels.number_format_is_linked = YEAR, False
        _yearly(names._element, dates(chart))
    names.format.line.color.rgb = _rgb(style.HINT)
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    values.minimum_scale, values.maximum_scale, values.major_unit = marks[0], marks[-1], marks[1] - marks[0]
    if unit:
        frame = values.axis_title.text_frame
        frame.text = clean(unit)
        run = frame.paragraphs[0].runs[0].font
        run.size, run.bold = Pt(size), False
        run.color.rgb = _rgb(style.SECONDARY)


def marks_format(chart: Chart, marks: list[float], lang: str) -> str:
    """Return how the marks of a pyramid are written: alike on both sides, with the decimals that they need."""
    places = axis.decimals(marks)
    form = f'{_LOCALES[lang]}0{"." + "0" * places if places else ""}" {chart.unit}"'
    return f"{form};{form}"


def _yearly(element, years: list[date]) -> None:
    """Let an axis of dates have a mark a year, or every so many years where they would stand too close."""
    unit = element.find(f"{{{_C}}}baseTimeUnit")
    unit.set("val", "years")
    apart = -(-(years[-1].year - years[0].year + 1) // YEARS)
    for name, value in (("majorTimeUnit", "years"), ("majorUnit", apart)):
        unit.addnext(parse_xml(f'<c:{name} xmlns:c="{_C}" val="{value}"/>'))


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])
