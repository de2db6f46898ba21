"""Trender: lines that are cut where years must not be compared."""

from __future__ import annotations

from launch import charts, html, launch, observations

from omradesbild import words


def line(chart: dict, name: str) -> list[tuple[list[float], list[float]]]:
    return [(trace["x"], trace["y"]) for trace in chart["data"] if trace.get("name") == name]


def test_a_line_is_cut_at_every_break_and_has_the_observed_values() -> None:
    at = launch("trender", ind="folkmangd", omr="1280R030")
    rows = observations("folkmangd")
    (chart,) = charts(at)
    segments = line(chart, "Holma")
    assert [years for years, _ in segments] == [[2009], [2020, 2021, 2022, 2023], [2024], [2025]]
    for years, values in segments:
        assert values == [float(rows["1280R030", str(int(year))]["value"]) for year in years]
    breaks = {shape["x0"] for shape in chart["layout"]["shapes"]}
    assert {2009.5, 2023.5, 2024.5} <= breaks
    notes = "".join(html(at))
    assert "2024: Områdets gräns ändrades" in notes and "2025: Från 2025 ändrar SCB alla antal" in notes


def test_an_area_whose_border_stayed_has_no_break_there() -> None:
    at = launch("trender", ind="folkmangd", omr="1280R001")
    (chart,) = charts(at)
    years = [x for x, _ in line(chart, chart["data"][0]["name"])]
    assert years == [[2009], [2020, 2021, 2022, 2023, 2024], [2025]]


def test_a_missing_year_is_no_point() -> None:
    rows = observations("hyresratt")
    known = sorted(int(period) for area, period in rows if area == "1280R049")
    (chart,) = charts(launch("trender", ind="hyresratt", omr="1280R049"))
    assert [year for x, _ in line(chart, "Möllevången") for year in x] == known
    city = [year for x, _ in line(chart, "Hela staden") for year in x]
    assert city == sorted(int(period) for area, period in rows if area == "1280")


def test_the_interval_is_a_band_around_the_line() -> None:
    (chart,) = charts(launch("trender", ind="hyresratt", omr="1280R049"))
    band = next(trace for trace in chart["data"] if trace.get("fill") == "toself")
    years, values = line(chart, "Möllevången")[-1]
    half = len(band["x"]) // 2
    assert band["x"][:half] == years and band["x"][half:] == years[::-1]
    assert all(
        low < value < high
        for low, value, high in zip(band["y"][:half], values, band["y"][half:][::-1], strict=True)
    )


def test_small_charts_share_one_scale() -> None:
    at = launch("trender", ind="hyresratt", omr="1280R049.1280R037")
    found = charts(at)
    assert len(found) == 2
    ranges = [chart["layout"]["yaxis"]["range"] for chart in found]
    assert ranges[0] == ranges[1]
    values = [y for chart in found for trace in chart["data"] if trace.get("name") for y in trace["y"]]
    assert ranges[0][0] < min(values) and ranges[0][1] > max(values)


def test_one_chart_has_every_area_with_a_style_of_its_own() -> None:
    areas = [f"1280R00{n}" for n in range(1, 7)]
    (chart,) = charts(launch("trender", ind="hyresratt", omr=".".join(areas), form="ett"))
    named = {t["name"]: t for t in chart["data"] if t.get("name") not in (None, "Hela staden")}
    assert len(named) == 6
    for styles in (
        {t["line"]["dash"] for t in named.values()},
        {t["marker"]["symbol"][0] for t in named.values()},
        {t["line"]["color"] for t in named.values()},
    ):
        assert len(styles) == 6


def test_an_area_without_the_measure_is_told() -> None:
    at = launch("trender", ind="skjutningar", omr="mollan")
    assert [info.value for info in at.info] == ["Måttet finns inte för Möllan."]
    (chart,) = charts(at)
    rows = observations("skjutningar")
    points = [value for _, values in line(chart, "Malmö") for value in values]
    assert points == [float(rows[key]["value"]) for key in sorted(rows) if rows[key]["value"]]


def test_quarters_and_school_years_stand_in_their_place_on_the_axis() -> None:
    (chart,) = charts(launch("trender", ind="anmalda_brott_kvartal"))
    years = [year for x, _ in line(chart, "Malmö") for year in x]
    assert years[0] == 2014 and 2015.25 in years and years == sorted(years)
    (chart,) = charts(launch("trender", ind="gymnasiebehorighet_staden"))
    assert [year for x, _ in line(chart, "Malmö") for year in x][0] == 2016.5


def test_the_axis_says_when_it_does_not_begin_at_zero() -> None:
    (chart,) = charts(launch("trender", ind="hyresratt", omr="1280R049"))
    assert "Axeln börjar inte vid noll." in [note["text"] for note in chart["layout"]["annotations"]]


def test_years_turn_instead_of_running_into_one_another_on_a_phone() -> None:
    (chart,) = charts(launch("trender", ind="hyresratt", omr="1280R049"))
    axis = chart["layout"]["xaxis"]
    assert "tickangle" not in axis and axis["autotickangles"][0] == 0 and axis["autotickangles"][-1] == 90


def test_a_single_year_is_said_with_its_chart_and_no_value_stands_on_the_city_s_line() -> None:
    at = launch("trender", omr="mollan.holma-kroksback", ind="arbetslosa_16_64")
    (period,) = {period for _, period in observations("arbetslosa_16_64")}
    assert sum(f"Siffrorna gäller {period}." in body for body in html(at)) == 2
    near, far = (chart["data"][0] for chart in charts(at))
    assert abs(near["x"][0] - far["x"][0]) > 5
    assert (near["textposition"], far["textposition"]) == ("top left", "top center")


def test_the_word_at_a_break_stands_above_the_plot_and_never_beyond_the_last_year() -> None:
    at = launch("trender", omr="1280R063", ind="folkmangd")
    layout = charts(at)[0]["layout"]
    told = [note for note in layout["annotations"] if note["text"] == words.t("chart.break")]
    assert [note["x"] for note in told] == [2009.5, 2023.5, 2024.5]
    assert [note["xanchor"] for note in told] == ["left", "right", "right"]
    assert all((note["y"], note["yref"], note["yanchor"]) == (1, "paper", "bottom") for note in told)
    assert told[1]["yshift"] != told[2]["yshift"], "those that are near stand in rows of their own"
    assert layout["margin"]["t"] >= max(note["yshift"] for note in told) + 14
