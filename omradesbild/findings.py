"""What a check of a data pack has to say: findings, each with what to do about it, in one report.

The kinds of finding are a closed list, ``KINDS``. A place that finds something names the kind and
says what it found; what was expected and the remedy follow from the kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

ERROR = "fel"
WARNING = "varning"

#: A kind of finding is listed this many times per file; the rest are only counted.
LIMIT = 10

_LABELS = {
    "sv": ("hittade", "väntade", "gör så här", "rad", "kolumn"),
    "en": ("found", "expected", "do this", "row", "column"),
}

_QUOTE = "Jämför med datamodellen och rätta raden. Siffror som ska vara text skrivs inom citattecken."
_REWRITE = "Spara filen på nytt som ren text, eller hämta en hel kopia."
_CSV = "Spara filen som CSV med komma mellan fälten, decimalpunkt och teckenkodningen UTF-8."
_ID = "Rätta stavningen, eller lägg till det som saknas i katalogen."
_SOURCE = "Jämför raden med källan och rätta den siffra som är fel."
_POLYGON = "Bygg om gränserna med ”omradesbild collect boundaries”, eller rätta ytan i ett kartprogram."

#: code → (severity, what was expected, what to do)
KINDS: dict[str, tuple[str, str, str]] = {
    # files
    "pack_missing": (ERROR, "en mapp med ett datapaket", "Ange mappen där pack.yaml ligger."),
    "version_missing": (
        ERROR,
        "den version av datapaketet som current anger",
        "Välj en version som finns med ”omradesbild restore”.",
    ),
    "file_missing": (ERROR, "att filen finns", "Lägg tillbaka filen. En tom lista skrivs [] i filen."),
    "file_unreadable": (ERROR, "en fil som går att läsa", "Kontrollera filens rättigheter."),
    "file_empty": (ERROR, "en fil med innehåll", "Lägg tillbaka innehållet. En tom lista skrivs []."),
    "not_utf8": (ERROR, "text i teckenkodningen UTF-8", "Spara filen på nytt med teckenkodningen UTF-8."),
    "bom": (ERROR, "UTF-8 utan bytemärke (BOM) i början", "Spara filen som UTF-8 utan BOM."),
    "line_ends": (WARNING, "radslut av sorten LF", "Spara filen med radslut LF (Unix)."),
    "no_last_newline": (WARNING, "ett radslut efter sista raden", "Se efter att filen inte är avklippt."),
    # YAML and JSON
    "yaml_broken": (ERROR, "giltig YAML", "Rätta raden. Använd blanksteg, inte tabbar, som indrag."),
    "yaml_duplicate_key": (ERROR, "att varje nyckel står en gång", "Ta bort den ena raden."),
    "json_broken": (ERROR, "giltig JSON", _REWRITE),
    "control_character": (
        ERROR,
        "text utan styrtecken, och utan tecken som vänder läsriktningen för det som följer",
        "Skriv om texten för hand. Tecknet syns inte; det följer ofta med när man klistrar in.",
    ),
    "schema": (ERROR, "{expected}", _QUOTE),
    "file_name": (ERROR, "filnamnet {expected}", "Byt namn på filen eller ändra id i den."),
    "duplicate_id": (ERROR, "att varje id finns en gång", "Ta bort eller byt id på den ena posten."),
    # boundaries
    "geojson": (ERROR, "{expected}", _POLYGON),
    "crs": (
        ERROR,
        "longitud och latitud i WGS 84 (EPSG:4326)",
        "Räkna om gränserna till EPSG:4326 innan de läggs i paketet.",
    ),
    "geometry_missing": (ERROR, "en yta för området i gränsfilen", _POLYGON),
    "geometry_invalid": (ERROR, "en giltig yta som inte korsar sig själv", _POLYGON),
    "overlap": (ERROR, "områden som inte ligger över varandra", _POLYGON),
    "seam": (WARNING, "grannar som delar varje brytpunkt, utan glipor", _POLYGON),
    "area_without_figures": (
        WARNING,
        "minst en siffra för varje område på kartan",
        "Lägg till områdets siffror, eller ta bort ytan.",
    ),
    # areas and catalogue
    "city_missing": (ERROR, "kommunen bland områdena i areas.yaml", "Lägg till kommunen med nivån kommun."),
    "no_members": (ERROR, "minst ett område i members", "Skriv vilka grundområden som området består av."),
    "unknown_member": (ERROR, "{expected}", _ID),
    "level_unused": (WARNING, "en nivå som har områden i paketet", "Rätta nivåns namn, eller ta bort orden om den."),
    "unknown_alias": (ERROR, "{expected}", _ID),
    "shared_alias": (
        WARNING,
        "ett vardagsnamn per område, eller per område och dess delar",
        "Stryk namnet på det ena området, om inte platsen verkligen ligger i båda.",
    ),
    "unknown_reference": (ERROR, "{expected}", _ID),
    "other_pack": (
        ERROR,
        "en lista som är gjord med det här datapaketet, {expected}",
        "Ta bort listan, eller gör om den med det här paketet.",
    ),
    "not_weighable": (
        ERROR,
        "ett mått där en riktning är bättre, och som varken är ett antal eller en klass",
        "Stryk måttet ur weights.",
    ),
    "not_a_share": (ERROR, "en andel", "Välj ett mått av sorten share."),
    "not_a_class": (ERROR, "en klass", "Välj ett mått av sorten class."),
    "overlap_share": (ERROR, "en andel mellan 0 och 1", "Skriv andelen som decimaltal, till exempel 0.16."),
    "date_order": (ERROR, "ett slut som inte ligger före början", "Rätta start eller end."),
    "indicator_without_figures": (
        WARNING,
        "minst en siffra för varje indikator",
        "Lägg till siffror, eller ta bort indikatorn.",
    ),
    "level_without_figures": (
        WARNING,
        "siffror på varje nivå som indikatorn uppger",
        "Lägg till siffrorna, eller stryk nivån i indikatorns levels.",
    ),
    # observations: form
    "separator": (ERROR, "komma mellan fälten", _CSV),
    "header": (ERROR, "rubrikraden {expected}", "Rätta rubrikraden. Ordningen ska vara exakt denna."),
    "missing_column": (ERROR, "rubrikraden {expected}", "Lägg till kolumnen, tom om uppgift saknas."),
    "extra_column": (ERROR, "rubrikraden {expected}", "Ta bort kolumnen."),
    "csv_broken": (ERROR, "CSV där varje citattecken har ett par", _CSV),
    "field_count": (ERROR, "{expected} fält på raden", "Se efter om raden är avklippt eller har ett komma för mycket."),
    "decimal_comma": (ERROR, "decimalpunkt i tal", "Byt decimalkomma mot decimalpunkt: 12.5."),
    "no_observations": (ERROR, "minst en rad med siffror", "Lägg till CSV-filer i observations/."),
    "not_sorted": (
        WARNING,
        "rader ordnade efter indicator, area, period, group",
        "Sortera raderna, så går ändringar att granska rad för rad.",
    ),
    # observations: content
    "not_a_number": (ERROR, "ett tal med decimalpunkt, eller tomt", _SOURCE),
    "not_finite": (ERROR, "ett ändligt tal, eller tomt", "Lämna fältet tomt och ange en flagga."),
    "too_large": (ERROR, "ett tal mindre än en biljon", _SOURCE),
    "unknown_area": (ERROR, "{expected}", _ID),
    "unknown_indicator": (ERROR, "{expected}", _ID),
    "unknown_source": (ERROR, "{expected}", _ID),
    "unknown_group": (ERROR, "en grupp som indikatorn har: {expected}", _ID),
    "bad_period": (ERROR, "2022, 2022/23, 2022K3 eller liknande", "Skriv perioden på ett av dessa sätt."),
    "undeclared_level": (
        WARNING,
        "en nivå som indikatorn uppger i levels",
        "Lägg till nivån i indikatorns levels, eller ta bort raderna.",
    ),
    "duplicate_row": (ERROR, "en rad per område, indikator, period och grupp", "Ta bort den ena raden."),
    "unknown_flag": (ERROR, "{expected}", "Använd en av flaggorna, var och en högst en gång."),
    "flag_conflict": (ERROR, "högst en av flaggorna - . ..", "Välj den flagga som stämmer."),
    "value_despite_flag": (
        ERROR,
        "inget värde där flaggan säger att värde saknas",
        "Ta bort värdet eller flaggan.",
    ),
    "missing_without_flag": (
        ERROR,
        "ett värde, eller en av flaggorna - . ..",
        "Ange varför värdet saknas: - ej redovisat, . ej tillämpligt, .. skyddat.",
    ),
    "half_ratio": (ERROR, "både täljare och nämnare, eller ingen av dem", "Fyll i eller töm båda."),
    "ratio_for_count": (ERROR, "bara värde för ett antal", "Töm täljare och nämnare på raden."),
    "zero_denominator": (
        ERROR,
        "en nämnare större än noll",
        "Töm värde, täljare och nämnare och ange flaggan . (ej tillämpligt).",
    ),
    "negative": (ERROR, "ett tal som inte är mindre än noll", _SOURCE),
    "not_whole": (ERROR, "ett helt tal (eller flaggan e för skattat antal)", _SOURCE),
    "out_of_range": (ERROR, "ett värde mellan {expected}", _SOURCE),
    "numerator_larger": (ERROR, "en täljare som inte är större än nämnaren", _SOURCE),
    "value_mismatch": (ERROR, "värdet {expected} (faktor × täljare / nämnare)", _SOURCE),
    "part_larger": (ERROR, "en grupp som inte är större än helheten, {expected}", _SOURCE),
    "total_differs": (
        WARNING,
        "områdenas summa lika med kommunens, {expected}",
        "Ofta en restpost: invånare utan känt område. Jämför med källan.",
    ),
    "total_wrong": (ERROR, "områdenas summa lika med kommunens, {expected}", _SOURCE),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or odd in a pack.

    `row` is the line number that a text editor shows (the header of a table is 1).
    """

    code: str
    severity: str
    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    remedy: str

    def text(self, lang: str = "sv") -> str:
        """Return the finding as one paragraph; labels in `lang`, content in Swedish."""
        found, expected, remedy, row, column = _LABELS[lang]
        where = [f"{row} {self.row}"] if self.row else []
        where += [f"{column} {self.column}"] if self.column else []
        place = f" {', '.join(where)}:" if where else ""
        return (
            f"{self.severity} [{self.code}]{place} {found} {self.found}; "
            f"{expected} {self.expected}. {remedy.capitalize()}: {self.remedy}"
        )


@dataclass
class Report:
    """What a check found, and how much was read.

    Attributes
    ----------
    findings
        At most ``LIMIT`` of each kind in each file.
    found
        (code, file) → how many there were.
    counts
        What was read (Swedish word) → how many.
    """

    findings: list[Finding] = field(default_factory=list)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the pack can be used: there may be warnings but no errors."""
        return not any(f.severity == ERROR for f in self.findings)

    def add(
        self,
        code: str,
        file: str,
        found: object,
        *,
        expected: object = "",
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        """Add a finding of the kind `code`; `expected` completes the kind's own text where it asks."""
        self.found[code, file] += 1
        if self.found[code, file] > LIMIT:
            return
        severity, wanted, remedy = KINDS[code]
        wanted = wanted.replace("{expected}", printable(expected))
        self.findings.append(Finding(code, severity, file, row, column, printable(found), wanted, remedy))

    def text(self, lang: str = "sv") -> str:
        """Return the whole report: counts, findings file by file, and a last line that sums up."""
        return "\n".join(self._lines(self.findings, lang))

    def errors(self) -> str:
        """Return why the pack cannot be used: the report without its warnings, which are only counted."""
        return "\n".join(self._lines([f for f in self.findings if f.severity == ERROR], "sv"))

    def _lines(self, listed: Sequence[Finding], lang: str) -> Iterator[str]:
        for what, count in self.counts.items():
            yield f"{what}: {count}"
        by_file: dict[str, list[Finding]] = {}
        for finding in listed:
            by_file.setdefault(finding.file, []).append(finding)
        for file, findings in by_file.items():
            yield f"\n{file}"
            yield from (f"  {finding.text(lang)}" for finding in findings)
            for code in dict.fromkeys(finding.code for finding in findings):
                more = self.found[code, file] - LIMIT
                if more > 0:
                    yield f"  … och {more} till av slaget [{code}]"
        totals: Counter[str] = Counter()
        for (code, _), count in self.found.items():
            totals[KINDS[code][0]] += count
        yield f"\n{totals[ERROR]} fel, {totals[WARNING]} varningar."


def printable(value: object, longest: int = 160) -> str:
    """Return `value` as one printable line, cut at `longest` characters."""
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
