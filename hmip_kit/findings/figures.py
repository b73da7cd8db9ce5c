"""The figures that a report publishes: by theme, under a heading, and at two dates."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from hmip_kit.counts.figures import PERCENT, PLACE, completed, figure_counts
from hmip_kit.errors import NotInData, unknown
from hmip_kit.findings import Finding, Row, Said, finding
from hmip_kit.findings.shares import INTERVALS, with_shares
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows, polar_dots
from hmip_kit.picture.text import Sign, text_value
from hmip_kit.settings import BLUE, FEWEST_FOR_A_BAR, MOST_LISTED, PAPER
from hmip_kit.stats.intervals import INTERVAL_TEXT
from hmip_kit.stats.words import half_up, listed, number, small

if TYPE_CHECKING:
    import altair as alt

INSUFFICIENT, SUFFICIENT = "insufficient", "sufficient"
SAYS = {SUFFICIENT: "", INSUFFICIENT: ", a failing"}  # what is insufficient is named as it is
SHOWN = [
    *("figure", "theme", "label", "line", "section", "polarity", "yes", "n", "count_source"),
    *("percent", "low", "high", "bar", "short", "cases", "share", "range", "text"),
]
DIVERSITY = "Diversity and inclusion"
FURTHEST = "Furthest from good: "
IN_WORDS = "in words, without a count"
DATES = ("announcement", "inspection")


def figure_rows(inspection: Inspection) -> pd.DataFrame:
    """Return the figures of an `inspection` that state nothing again, as share rows.

    The columns of `figure_counts`, with `least, most` for what words allow; `theme`, that of the
    first of the report's findings that a figure bears out, else blank; `label`; what `with_shares`
    adds; `short`, the percentage that was not sufficient. A figure without a count has in `text`
    what is printed.
    """
    rows = figure_counts(inspection).rename(columns={"low": "least", "high": "most"})
    rows = with_shares(rows[rows["restates"] == ""].reset_index(drop=True), inspection)
    percent = rows["percent"]
    short = percent.where(rows["polarity"] == INSUFFICIENT, 100 - percent)
    findings = inspection.findings.iloc[::-1].to_dict("records")  # of two, the first one's theme
    themes = {one: row["theme"] for row in findings for one in str(row["figures"]).split()}
    return rows.assign(
        theme=[themes.get(figure, "") for figure in rows["figure"]],
        label=_labels(rows),
        short=short.where(rows["polarity"].isin([*SAYS])),
        text=[_text(row) for row in rows.to_dict("records")],
    )


def _labels(rows: pd.DataFrame) -> "pd.Series[str]":
    """Return each figure's measure; where another has the same, with of whom it is and when."""
    measure, when = rows["measure"], rows["when"]
    told = rows["population"] + (", at " + when).where(when != "", "")
    more = measure + " (" + told.str.removeprefix(", ") + ")"
    return measure.where(~measure.duplicated(keep=False), more)


def _text(row: Row) -> str:
    """Return a figure's count and what it counts, else what is printed and what it is out of."""
    printed, base = row["printed"], row["base"]
    if not pd.isna(row["n"]):
        return f"{row['text']}{SAYS.get(row['polarity'], '')}"
    if pd.isna(base):
        of_some = row["unit"] == PERCENT or row["extent"] == "part"
        return f"{printed}{' (base not stated)' if of_some else ''}"
    if row["words"] or pd.isna(row["value"]):
        return f"{printed} of {base}"
    counts = " or ".join(map(str, row["possible"])) or "fits no count"
    return f"{printed} ({counts} of {base})"


@finding(
    question="What did inspectors find, by theme?",
    needs="figures",
    follows=False,
    shown_by="all cases",
    label="Published figures, by theme",
)
def by_theme(inspection: Inspection, theme: str | None = None) -> Finding:
    """Return the published figures by theme, each as a count out of its base.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.
    theme : str, optional
        One theme: then every figure of it, those without a count too.

    Returns
    -------
    Finding
        A row per figure: `figure, theme, label, line, section, polarity`, `yes` of `n`, which are
        failures where `polarity` is "insufficient", `count_source`, what `shares.with_shares` adds,
        and `short`, the percentage that was not sufficient. Without `theme`, the figures that count
        what was sufficient, or was not, out of a known base. Under ten cases there is no bar.

    Raises
    ------
    UnknownName
        For a theme that no figure has.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.by_theme("resettlement").rows["text"].tolist()[:2]
    ['5 of 19 (26%)', '6 of 18 (33%)']
    """
    rows = figure_rows(inspection)
    rows = rows[rows["theme"] != ""]
    themes = list(dict.fromkeys(rows["theme"]))
    if theme is not None and theme not in themes:
        raise unknown("theme", theme, themes)
    counted = rows["n"].notna() & rows["polarity"].isin([*SAYS])
    rows = rows[rows["theme"] == theme if theme else counted]
    rows = rows.sort_values("theme", key=lambda names: names.map(themes.index), kind="stable")
    start = "" if theme else rows["theme"].str.capitalize() + ": "
    about = f"on {theme}" if theme else "with a count out of a known base, by theme"
    return Finding(
        inspection=inspection,
        rows=rows.assign(line=start + rows["label"])[SHOWN],
        say=lambda shown: _themes_said(shown, theme or ""),
        columns={
            "theme": "Theme",
            "label": "What was found",
            "text": "Figure",
            "range": INTERVAL_TEXT,
            **PLACE,
        },
        measure=f"Published figures {about}",
        cases="each figure out of its own base",
        notes=_theme_notes(rows),
        draw=polar_dots,
        opens=False,
    )


def _theme_notes(rows: pd.DataFrame) -> tuple[str, ...]:
    noted = rows[rows["note"] != ""]
    own = noted["label"] + ": " + noted["note"].map(small) + "."
    return (*own, *([INTERVALS] if rows["low"].notna().any() else []))


def _themes_said(rows: pd.DataFrame, theme: str) -> Said:
    """Return which figure is furthest from sufficient, of ten cases or more; else the first."""
    if rows.empty:
        return f"{theme.capitalize() or 'By theme'}: no figure stated", "Nothing is stated."
    start = f"{theme.capitalize()}. " if theme else ""
    enough = rows["short"].notna() & (rows["n"] >= FEWEST_FOR_A_BAR).fillna(False)
    compared = rows[enough].sort_values("short", ascending=False, kind="stable")
    if compared.empty:
        return f"{start}{rows['label'].iloc[0]}: {rows['text'].iloc[0]}", _each(rows)
    title = f"{start}{FURTHEST if len(rows) > 1 else ''}{_furthest(compared)}"
    if len(rows) <= MOST_LISTED:
        return title, _each(rows)
    kinds = [int((rows["polarity"] == polarity).sum()) for polarity in SAYS]
    what = ("of good work", "of failings", "of neither")
    counts = zip((*kinds, len(rows) - sum(kinds)), what, strict=True)
    told = listed([f"{number(count)} {of}" for count, of in counts if count])
    return title, f"{len(rows)} figures: {told}. {FURTHEST}{_each(compared.head(3))}"


def _furthest(compared: pd.DataFrame) -> str:
    most = compared["short"].iloc[0]
    first = compared[compared["short"] == most]
    if len(first) > 2:
        return f"{number(len(first))} figures, {half_up(most)}% from it"
    return "; ".join(first["label"] + ", " + first["cases"] + first["polarity"].map(SAYS))


def _each(rows: pd.DataFrame) -> str:
    """Return each figure with its text, in which its interval stands where it has one."""
    said = (
        f"{row['label']}: {row['text']}"
        if not row["range"]
        else f"{row['label']}: {row['cases']} ({row['share']}; "
        f"{INTERVAL_TEXT} {row['range']}){SAYS.get(row['polarity'], '')}"
        for row in rows.to_dict("records")
    )
    return f"{'; '.join(said)}."


@finding(
    question="What does the report itself state under a heading?",
    needs="figures",
    follows=False,
    shown_by="all cases",
    label="What the report states",
)
def statements(inspection: Inspection, section: str = DIVERSITY) -> Finding:
    """Return what the report states under a heading, as a table.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.
    section : str
        The report's own heading or number.

    Returns
    -------
    Finding
        First the figures, then the findings in words: `statement, kind, printed`; `cases`, the
        count that is stated or, for a percentage, the counts that are printed so; `range`, its 95%
        Wilson interval where there is one count, of ten cases or more.

    Raises
    ------
    UnknownName
        For a heading under which nothing was read.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.statements().rows["cases"].tolist()[:4]
    ['24 of 42', '5 of 42', '26 of 42', '25 of 41']
    """
    figures, findings = figure_counts(inspection), inspection.findings
    headings = sorted({*figures["section"], *findings["standard"]})
    if section not in headings and section == DIVERSITY:
        raise NotInData(f"Nothing is stated under {section}.")
    if section not in headings:
        raise unknown("heading", section, headings)
    stated = with_shares(figures[figures["section"] == section], inspection)
    told = [
        " or ".join(f"{count} of {base}" for count in counts)
        for counts, base in zip(stated["possible"], stated["base"], strict=True)
    ]
    counted = stated.assign(statement=stated["measure"], kind="figure", cases=told)
    worded = findings[findings["standard"] == section]
    worded = worded.assign(
        **dict.fromkeys(("cases", "range", "figure"), ""),
        statement=worded["label"],
        printed=IN_WORDS,
        section=f"{section}: in words",
    )
    columns = {
        "statement": "What the report states",
        "kind": "As",
        "printed": "As printed",
        "cases": "Cases",
        "range": INTERVAL_TEXT,
        **PLACE,
    }
    return Finding(
        inspection=inspection,
        rows=pd.concat([counted, worded], ignore_index=True)[[*columns, "figure"]],
        say=lambda shown: _stated_said(shown, section),
        columns=columns,
        measure=f"What the report states under {section}",
        notes=(
            "Where only a percentage is printed, the count is rebuilt from it. The words are this "
            "kit's, not the report's.",
        ),
        opens=False,
    )


def _stated_said(rows: pd.DataFrame, section: str) -> Said:
    figures = rows[rows["printed"] != IN_WORDS].to_dict("records")
    words = number(len(rows) - len(figures))
    title = f"{section}: {number(len(figures))} figures and {words} statements in words"
    said = "; ".join(f"{row['statement']}: {row['cases'] or row['printed']}" for row in figures)
    return title, f"{said}." if said else "No figure is stated."


@finding(
    question="How did vacancy rates move from the announcement to the inspection?",
    needs="figures",
    follows=False,
    shown_by="all cases",
    label="Vacancy rates at two dates",
)
def vacancies(inspection: Inspection) -> Finding:
    """Return vacancy rates, or whatever else a report gives at two dates, as dumbbells.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.

    Returns
    -------
    Finding
        A row per measure and whom it is of: `measure, label`; `first, second`, percentages at the
        announcement and at the inspection; `moved`, in percentage points, missing where only one
        date is stated; these in words. No base is stated, so that there is no interval. Where
        nothing is given with a date, it says so.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.vacancies().title
    'Vacancy rate fell for probation services officers and rose for senior probation officers'
    """
    figures = completed(inspection.figures)
    dated = (figures["unit"] == PERCENT) & figures["value"].notna() & figures["when"].isin(DATES)
    if not dated.any():
        raise NotInData("Nothing is given at two dates.")
    groups = figures[dated].groupby(["measure", "population"], sort=False)
    found = [_moved(str(measure), str(who), rows) for (measure, who), rows in groups]
    moves = dict.fromkeys(("first", "second", "moved"), "Float64")
    measure = found[0]["measure"]
    return Finding(
        inspection=inspection,
        rows=pd.DataFrame(found).astype(moves),
        say=_moves_said,
        columns={
            "label": "Who",
            "first_text": "At the announcement",
            "second_text": "At the inspection",
            "text": "Change",
            **PLACE,
        },
        measure=f"{measure}, when the inspection was announced and at the inspection",
        cases="staff in post; bases not stated",
        notes=("A change in a rate without its base has no interval.",),
        draw=lambda shown: _draw_moves(shown, measure),
        opens=False,
    )


def _moved(measure: str, who: str, rows: pd.DataFrame) -> dict[str, Any]:
    found = {row["when"]: row for row in rows.to_dict("records")}
    first, second = (found.get(when, {"value": pd.NA, "printed": ""}) for when in DATES)
    before, after = first["printed"], second["printed"]
    moved = second["value"] - first["value"]
    text = f"{before} at the announcement, later not stated"
    if not before:
        text = f"{after} at the inspection, earlier not stated"
    elif after:
        points = f"{abs(moved):g} {'point' if abs(moved) == 1 else 'points'}"
        way = f"{'up' if moved > 0 else 'down'} {points}" if moved else "no change"
        text = f"{before} to {after} ({way})"
    return {
        "measure": measure,
        "figure": " ".join(rows["figure"]),
        "label": who,
        "first": first["value"],
        "second": second["value"],
        "moved": moved,
        "first_text": before,
        "second_text": after,
        "text": text,
    }


def _moves_said(rows: pd.DataFrame) -> Said:
    """Return which figures fell, rose or stayed; where one date is missing, it says so."""
    if rows.empty:
        return "Nothing is given at two dates", "Nothing is stated."
    several, moved = rows["measure"].nunique() > 1, rows["moved"]
    measure = "Figures at two dates" if several else rows["measure"].iloc[0]
    ways = {"fell": moved < 0, "rose": moved > 0, "stayed as it was": moved == 0}
    who = {way: rows.loc[there.fillna(False), "label"].map(small) for way, there in ways.items()}
    told = [f"{way} for {listed([*names])}" for way, names in who.items() if len(names)]
    title = f"{measure} {listed(told)}" if told else f"{measure}: one date only"
    return title, f"{'; '.join(rows['label'] + ': ' + rows['text'])}. Bases are not stated."


def _draw_moves(shown: Finding, measure: str) -> "alt.LayerChart":
    rows = Rows(
        labels=[*shown.rows["label"]],
        values=text_value(shown.rows["text"]),
        title=f"{measure} (percent)",
        marked=("first", "second"),
        key=(
            Sign("at the announcement", BLUE, "circle", hollow=True),
            Sign("at the inspection", BLUE, "circle"),
        ),
    )
    marks = [
        rows.bar("first", "second", 3, color=BLUE),
        rows.dot("first", fill=PAPER, stroke=BLUE, strokeWidth=2),
        rows.dot("second", color=BLUE),
    ]
    return rows.drawn(marks)
