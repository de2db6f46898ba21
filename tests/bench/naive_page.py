"""The naive page: everything inline, in one call, as the first example in any tutorial has it."""

import json
from pathlib import Path

import pandas as pd
import pydeck
import streamlit as st

st.set_page_config(page_title="Naive", layout="wide")


@st.cache_data
def figures() -> pd.DataFrame:
    text = {"area": str, "period": str, "group": str, "flag": str}
    return pd.concat([pd.read_csv(file, dtype=text) for file in Path().glob("*.csv")]).dropna(subset="value")


@st.cache_data
def boundaries() -> dict:
    with open("areas.geojson") as file:
        return json.load(file)


frame, areas = figures(), boundaries()
names = {f["properties"]["id"]: f["properties"]["name"] for f in areas["features"]}
frame = frame[frame["area"].isin(names)]
st.title("Malmö")
left, right = st.columns([1, 2])
with left:
    indicator = st.selectbox("Indicator", sorted(frame["indicator"].unique()), key="indicator")
    frame = frame[frame["indicator"] == indicator]
    year = st.selectbox("Year", sorted(frame["period"].unique(), reverse=True), key="year")
    values = frame[frame["period"] == year].drop_duplicates("area").set_index("area")["value"]
    for label, value in (("Lowest", values.min()), ("Median", values.median()), ("Highest", values.max())):
        st.metric(label, f"{value:.1f} %".replace(".", ","))
span = (values.max() - values.min()) or 1
for feature in areas["features"]:
    value = values.get(feature["properties"]["id"])
    share = 0 if value is None else (value - values.min()) / span
    feature["properties"]["value"] = None if value is None else float(value)
    feature["properties"]["color"] = [int(255 - 200 * share), int(240 - 120 * share), 250]
layer = pydeck.Layer(
    "GeoJsonLayer",
    areas,
    id="areas",
    get_fill_color="properties.color",
    get_line_color=[80, 80, 80],
    line_width_min_pixels=1,
    pickable=True,
)
with right:
    st.pydeck_chart(
        pydeck.Deck(
            [layer],
            initial_view_state=pydeck.ViewState(55.58, 13.0, 10.4),
            map_provider=None,
            tooltip={"text": "{name}: {value}"},
        )
    )
