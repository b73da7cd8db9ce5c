"""What the next rating takes: how many cases would have to be judged otherwise, as a range."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from hmip_kit.counts.ratings import Basis, bases
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.findings.ratings import rule_said
from hmip_kit.framework import Framework, Standard
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows, even_ticks
from hmip_kit.picture.text import Sign, text_value
from hmip_kit.settings import BLUE, FEWEST_FOR_A_BAR, STRIP
from hmip_kit.stats.words import cases_word, listed, number

if TYPE_CHECKING:
    import altair as alt

COLUMNS = [
    *("label", "standard", "rating", "next_rating", "fewest", "most", "apart", "more"),
    *("needed", "line", "text"),
]


@finding(
    question="How many cases would each standard's next rating take?",
    needs="key questions",
    follows=False,
    shown_by="all cases",
)
def next_rating(inspection: Inspection) -> Finding:
    """Return how many more cases each casework standard's next rating would take.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases.

    Returns
    -------
    Finding
        A row per standard with a next rating and ten cases or more: `label, standard`, the
        `rating` by the rule, `next_rating`, `fewest` to `most`, `more` (by key question, how many
        more Yes it needs), and the words `needed, line, text`. A case can serve every key question
        that it was not sufficient on: with cases these are counted, and `fewest` is `most`; totals
        leave open which cases they are. `apart` is how many it takes where no case serves two. A
        standard with an unanswered key question is left out. Practice cases, and a part of any
        cases, give words and no rows.

    Notes
    -----
    The framework's rules "lowest" and "bands", with the status of each there. With totals: the
    overlap that they force (linear programming).

    Examples
    --------
    >>> import hmip_kit as hk
    >>> hk.load("lewisham-bromley-2022").show.next_rating().title
    'Planning is nearest to its next rating: 6 more cases judged sufficient'
    """
    framework, known = inspection.framework, bases(inspection)
    enough = {name: one for name, one in known.items() if one.most_cases >= FEWEST_FOR_A_BAR}
    rows = [
        _row(framework.standard(name), basis, framework)
        for name, basis in enough.items()
        if basis.next_rating
    ]
    return Finding(
        inspection=inspection,
        rows=pd.DataFrame(rows, columns=COLUMNS),
        say=lambda shown: _said(shown, too_few=bool(known) and not enough),
        columns={
            "label": "Standard",
            "rating": "Rating by the rule",
            "next_rating": "Next rating",
            "text": "More cases",
            "needed": "More cases of each key question",
        },
        measure="More cases that would have to be judged sufficient for the next rating",
        notes=(
            "Blue: the cases that it takes, as one case can put right several key questions. Grey: "
            "up to the cases that it takes if they are different ones for each key question.",
            rule_said(framework.rule("bands")),
        ),
        draw=_draw,
    )


def _row(standard: Standard, basis: Basis, framework: Framework) -> dict[str, Any]:
    label = f"{standard.number} {standard.name}"
    strands = {one: framework.strands[framework.question(one).strand] for one in basis.more}
    needed = [f"{strands[one].lower()} {more}" for one, more in basis.more.items() if more]
    further = basis.apart is not None and basis.most is not None and basis.apart > basis.most
    apart = f", up to {basis.apart} if in different cases" if further else ""
    return {
        "label": label,
        "standard": standard.name,
        "rating": basis.rating,
        "next_rating": basis.next_rating,
        "fewest": basis.fewest,
        "most": basis.most,
        "apart": basis.apart,
        "more": dict(basis.more),
        "needed": "; ".join(needed),
        "line": f"{label}, to {basis.next_rating}",
        "text": f"{_range(basis.fewest, basis.most)}{apart}",
    }


def _range(fewest: object, most: object) -> str:
    return " to ".join(dict.fromkeys([str(fewest), str(most)]))


def _said(rows: pd.DataFrame, too_few: bool) -> Said:
    if too_few:
        takes = f"It takes {number(FEWEST_FOR_A_BAR)} cases to say so."
        return "Too few cases to say what the next rating takes", takes
    if rows.empty:
        return "No casework standard has a next rating", "There is nothing to count."
    near = rows[rows["fewest"] <= rows["most"].min()].to_dict("records")
    alike = len({(row["fewest"], row["most"]) for row in near}) == 1
    names = listed([row["standard"] for row in near])
    title = f"{'As' if alike else 'May be as'} near to the next rating as each other: {names}"
    if len(near) == 1:
        takes, most = _range(near[0]["fewest"], near[0]["most"]), near[0]["most"]
        more = f"{takes} more {cases_word(most)} judged sufficient"
        title = f"{near[0]['standard']} is nearest to its next rating: {more}"
    each = (
        f"{row.standard} to {row.next_rating}: {row.text} ({row.needed})"
        for row in rows.itertuples()
    )
    return title, f"More cases needed. {'; '.join(each)}."


def _draw(shown: Finding) -> "alt.LayerChart":
    ticks = even_ticks(max([1, *shown.rows["apart"].dropna()]))
    rows = Rows(
        labels=[*shown.rows["line"]],
        id="line",
        field="line",
        values=text_value(shown.rows["text"]),
        domain=(0, ticks[-1]),
        ticks=ticks,
        unit="",
        title="More cases judged sufficient",
        marked=("fewest",),
        key=(
            Sign("if cases serve several questions", BLUE),
            Sign("if they are different cases", STRIP),
        ),
    )
    return rows.drawn(
        [rows.bar("", "apart", 6, color=STRIP), rows.bar("", "fewest", 12, color=BLUE)]
    )
