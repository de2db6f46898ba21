"""The colours, lines and marks of Områdesbild, for screen, paper and files alike.

Every colour that carries meaning is named here once. ``components/map/map.css`` repeats those that the
browser draws with; a test compares the two.
"""

from __future__ import annotations

TEXT, SECONDARY, HINT = "#1B1F24", "#4A5058", "#6B727A"
HAIRLINE, GROUND, WATER, ACCENT = "#D7E3EA", "#FFFFFF", "#EAF2F6", "#0B5FA5"
WATER_DARK, GROUND_DARK, TEXT_DARK = "#16242E", "#0E1117", "#FAFAFA"
SECONDARY_DARK, HAIRLINE_DARK, CITY_DARK = "#B7BEC6", "#3A424B", "#9AA3AB"
FONT = "'Source Sans 3', 'Source Sans Pro', 'Source Sans', Inter, Arial, sans-serif"

#: Chosen areas in order; each is also told apart by `AREA_DASHES` and `AREA_MARKERS`.
AREAS = ("#0B5FA5", "#B34700", "#00705C", "#8A3E86", "#C0223B", "#5B5B00")
AREAS_DARK = ("#6FB7F2", "#F2A35E", "#4CC7AC", "#D497D1", "#F28C9B", "#C9C24A")
AREA_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
AREA_STROKES = ("none", "9 4", "3 4", "9 3 3 3", "16 5", "16 4 3 4")  # the same, as SVG writes them
AREA_MARKERS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross")
NOT_CHOSEN, CITY = "#A3ABB2", "#6B727A"

#: Class character → fill. Levels run from low to high, deviations from clearly worse to clearly better.
LEVELS = {"0": "#E3F1D5", "1": "#A9D8B8", "2": "#5DB5B7", "3": "#2B7FA3", "4": "#123E6B"}
DEVIATIONS = {"A": "#8A3C00", "B": "#D98B4A", "C": "#E9E9E6", "D": "#6FA8CF", "E": "#0F4C81"}
DEVIATIONS_DARK = {"A": "#F5A35C", "B": "#B9783F", "C": "#4A525B", "D": "#5B8FB5", "E": "#9AD0F7"}
CLASSES = LEVELS | DEVIATIONS

#: Class characters of areas that have no class, in the order of the legend.
NOT_REPORTED, SUPPRESSED, SMALL, NOT_APPLICABLE = "-", ":", "s", "."
SPECIAL = (SMALL, SUPPRESSED, NOT_REPORTED, NOT_APPLICABLE)
SPECIAL_GROUND = {SMALL: "#F3F3F1", SUPPRESSED: "#F3F3F1", NOT_REPORTED: GROUND, NOT_APPLICABLE: GROUND}
SPECIAL_INK = HINT

#: Dark fills get a light border and the others a dark one, so that every border carries 3:1 against its fill.
BORDER, BORDER_ON_DARK = "#414A53", "#FFFFFF"
DARK_CLASSES = frozenset("34AE")


def border(code: str) -> str:
    """Return the border colour of an area of class `code`."""
    return BORDER_ON_DARK if code in DARK_CLASSES else BORDER


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio (1–21) of two ``#RRGGBB`` colours, as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
