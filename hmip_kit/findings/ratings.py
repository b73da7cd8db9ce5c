"""The ratings: how each came about, and the score that they add up to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hmip_kit.counts.ratings import Basis, bases, rate
from hmip_kit.errors import NotInData
from hmip_kit.findings import Finding, Said, finding
from hmip_kit.framework import Framework, Rule, overall_rating
from hmip_kit.inspection import Inspection
from hmip_kit.picture.rows import Rows
from hmip_kit.picture.text import Sign, Value, widest
from hmip_kit.settings import BLUE, INK, PAPER
from hmip_kit.stats.words import listed, number, say

if TYPE_CHECKING:
    import altair as alt

FACTS = ["margin", "next_rating", "fewest", "most", "apart", "close_to_a_band", "few_cases"]
SAID = ("rating", "how", "one_case_text")  # of a standard, by the rule
USUAL = (
    "Hollow: the rating that the rules usually give, where the report departs from it or has none."
)


@finding(
    question="How was each standard rated, and how did that come about?",
    needs="",
    follows=False,
    shown_by="all cases",
)
def ratings(inspection: Inspection) -> Finding:
    """Return the rating of each standard, how it came about, and the score they add up to.

    Parameters
    ----------
    inspection : Inspection
        Totals or cases. Where no rating is published, casework is rated by the rule.

    Returns
    -------
    Finding
        A row per standard that is rated, or could be by the rules: `standard, number, domain,
        kind`; `rule_rating` with `rule_status`; `published_rating`; `rating`, the published one,
        where there is none for casework the rule's, else blank, with its `points`; `override` and
        `reason`, where the report departs from the rule. For casework also `deciding` (the lowest
        key questions, joined by a comma), `margin` (how many cases they are from the next),
        `next_rating` and the `fewest` to `most` cases that it takes (`apart` if no case serves two
        questions), `one_case` (whether one case would change the rating), `close_to_a_band` (within
        five points), `few_cases` (five or fewer). What is drawn: `label, usual_rating, how, line,
        text, one_case_text`. A standard with a key question that has no answer has no rating by the
        rule. Practice cases, a part of any cases, and data without a rating and a rule, give words
        and no rows.

    Notes
    -----
    The framework's rules, with the status of each there. The bands are unverified.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("lewisham-bromley-2022").show.ratings()
    >>> found.title
    'Inadequate: 4 of 24 points'
    >>> found.rows.set_index("standard").loc["Planning", "how"]
    'decided by safety of other people (15 of 42), by one case'
    """
    rows, published = _rating_rows(inspection), "ratings" in inspection.holds
    if rows.empty:
        raise NotInData("No rating is published, and no rule rates a standard on these data.")
    reasons = {"reason": "Why the report departs"} if published else {}
    return Finding(
        inspection=inspection,
        rows=rows,
        say=lambda shown: _published_said(shown, inspection) if published else _ruled_said(shown),
        columns={
            "label": "Standard",
            "rating": "Rating" if published else "Rating by the rule",
            "points": "Points",
            "how": "How it came about",
            "one_case_text": "One case",
            **reasons,
        },
        measure="Rating of each standard, its points, and how it came about",
        cases=_rated_words(inspection, rows) if published else "",
        notes=_rating_notes(rows, inspection.framework, published),
        draw=_draw_ratings,
        opens=not published,
    )


def _rating_rows(inspection: Inspection) -> pd.DataFrame:
    known, framework = bases(inspection), inspection.framework
    rated = rate(inspection, known)
    based = [_based(known.get(name)) for name in rated["standard"]]
    rows = pd.DataFrame(based, columns=[*FACTS, "deciding", "one_case", "one_case_text"])
    rows = rated.join(rows.astype(dict.fromkeys(("margin", "fewest", "most", "apart"), "Int64")))
    label = (rows["number"] + " " + rows["standard"]).str.strip()
    records = rows.to_dict("records")
    how = [_how(row, known.get(row["standard"]), framework) for row in records]
    usual = rows["rule_rating"].where(rows["override"] | (rows["rating"] == ""), "")
    points = {one.name: one.points for one in framework.ratings}
    return rows.assign(
        label=label,
        usual_rating=usual,
        usual_points=usual.map(points).astype("Int64"),
        how=how,
        line=label + ": " + pd.Series(how, index=rows.index, dtype="str"),
        text=[
            _points_word(row["points"], row["override"])
            if row["rating"] and framework.scored
            else ""
            for row in records
        ],
    )


def _based(basis: Basis | None) -> dict[str, Any]:
    """Return what a casework standard's rating rests on; blank for another."""
    if basis is None:
        return {
            **dict.fromkeys(("deciding", "next_rating", "one_case_text"), ""),
            **dict.fromkeys(("one_case", "close_to_a_band", "few_cases"), False),
        }
    ways = {
        "more would raise": basis.most == 1,
        "more could raise": basis.fewest == 1 and basis.most != 1,
        "fewer would lower": basis.one_fewer_lowers,
    }
    return {
        **{name: getattr(basis, name) for name in FACTS},
        "deciding": ", ".join(basis.low["question"]),
        "one_case": basis.most == 1 or basis.one_fewer_lowers,
        "one_case_text": "; ".join(f"one case {way} it" for way, would in ways.items() if would),
    }


def _how(row: Mapping[Any, Any], basis: Basis | None, framework: Framework) -> str:
    """Return how a rating came about; what the next one takes has a picture of its own."""
    said = [] if basis is None else [_rests_on(basis)]
    if row["override"]:
        points = [framework.points(row[name]) for name in ("published_rating", "rule_rating")]
        way = "raised" if points[0] > points[1] else "lowered"
        said.append(f"usually {row['rule_rating']}, {way} by judgement")
    elif not row["rating"]:
        usual = f", usually {row['rule_rating']}" if row["rule_rating"] else ""
        said += [] if basis else [f"by judgement{usual}"]
    return "; ".join(said) or ("by judgement" if row["kind"] == "judgement" else "as published")


def _rests_on(basis: Basis) -> str:
    rounded = f"; {listed(basis.rounding)}: depends on rounding" if basis.rounding else ""
    if basis.answered < basis.asked:
        some = f"{basis.answered} of {basis.asked} key questions answered"
        return f"at most {basis.at_most}: {some}{rounded}"
    return f"decided by {_decided_by(basis)}{rounded}"


def _decided_by(basis: Basis) -> str:
    names = [str(label).lower() for label in basis.low["strand_label"]]
    counts = [
        say("count", yes=yes, n=n) for yes, n in zip(basis.low["yes"], basis.low["n"], strict=True)
    ]
    if len(names) > 1:
        return f"{listed(names)}, tied ({listed(sorted(set(counts)))})"
    return f"{names[0]} ({counts[0]})" + (", by one case" if basis.margin == 1 else "")


def _points_word(points: int, moved: bool = False) -> str:
    return f"{points} {'point' if points == 1 else 'points'}{'*' if moved else ''}"


def _rated_words(inspection: Inspection, rows: pd.DataFrame) -> str:
    others = inspection.ratings.query("status != 'rated'")
    left_out = (f"; {row.standard} {row.status}" for row in others.itertuples())
    return f"{len(rows)} rated standards{''.join(left_out)}"


def _rating_notes(rows: pd.DataFrame, framework: Framework, published: bool) -> tuple[str, ...]:
    moved = rows[rows["usual_rating"] != ""]
    reasons = zip(moved["standard"], moved["reason"], strict=True)
    notes = [f"* {standard}: {reason}" for standard, reason in reasons if reason]
    notes = notes if published else [rule_said(framework.rule("bands"))]
    return (*[USUAL][: len(moved)], *notes)


def rule_said(rule: Rule) -> str:
    """Return a `rule` with its status and what it rests on, as a note."""
    return f"{rule.name.capitalize()}: {rule.text} {rule.status.capitalize()}: {rule.basis}"


def _published_said(rows: pd.DataFrame, inspection: Inspection) -> Said:
    """Return the overall rating, and how many standards of each domain have which rating."""
    stated = [inspection.identity.get(name) for name in ("score", "maximum_score")]
    points = "score not stated" if None in stated else "{} of {} points".format(*stated)
    rated = rows[rows["published_rating"] != ""]
    in_all = " ({} in all)" if inspection.framework.scored else ""
    said = [
        f"{domain}: {counted_ratings(part['rating'])}"
        f"{in_all.format(_points_word(int(part['points'].sum())))}."
        for domain, part in rated.groupby("domain", sort=False)
    ]
    moved = rated.loc[rated["override"] | (rated["reason"] != ""), "standard"].tolist()
    if moved:
        said.append(f"Raised or lowered by judgement, against the usual rating: {listed(moved)}.")
    ruled = rows.query("published_rating == '' and rating != ''")
    if len(ruled):
        each = listed([*(ruled["standard"] + " " + ruled["rating"])])
        said.append(f"By the rule, as none is published: {each}.")
    overall = inspection.identity.get("rating", "Overall rating not stated")
    return f"{overall}: {points}", " ".join(said) or "No standard is rated."


def _ruled_said(rows: pd.DataFrame) -> Said:
    """Return what the rule gives, standard by standard."""
    casework = rows[rows["kind"] == "casework"]
    counts = casework["rating"].replace("", "not rated").value_counts().items()
    rated = ", ".join(f"{count} {rating}" for rating, count in counts) or "nothing is rated"
    said = [
        f"{row['standard']}: {', '.join(row[name] for name in SAID if row[name])}."
        for row in rows.to_dict("records")
    ]
    return f"By the rule: {rated}", " ".join(said) or "No standard is rated."


def counted_ratings(ratings_given: "pd.Series[str]") -> str:
    """Return how many of the `ratings_given` there are of each."""
    counts = ratings_given.value_counts().items()
    return listed([f"{number(int(count))} {rating}" for rating, count in counts])


def _draw_ratings(shown: Finding) -> "alt.LayerChart":
    ratings_known = shown.inspection.framework.ratings
    most, rows = max(one.points for one in ratings_known), shown.rows
    said = rows["rating"] + ", " + rows["text"]
    names = ", ".join(f"{one.points} {one.name}" for one in ratings_known)
    usual = (Sign("the rating that the rules usually give", INK, "circle", hollow=True),)
    drawing = Rows(
        labels=[*rows["line"]],
        id="line",
        field="line",
        values=(
            Value(
                "datum.r.rating ? datum.r.rating + ', ' + datum.r.text : 'not rated'",
                widest(said, bold=True),
                bold=True,
                texts=[*said],
            ),
        ),
        domain=(0, most),
        ticks=range(most + 1),
        unit="",
        title=f"Points: {names}",
        marked=("points", "usual_points"),
        key=usual if any(rows["usual_rating"]) else (),
    )
    return drawing.drawn(
        [
            drawing.bar("usual_points", "points", 3, color=BLUE),
            drawing.dot("usual_points", fill=PAPER, stroke=INK, strokeWidth=1.5),
            drawing.dot("points", color=BLUE),
        ]
    )


@finding(
    question="What score do the ratings add up to, and what by the rules alone?",
    needs="ratings",
    follows=False,
    shown_by="one group",
)
def score(inspection: Inspection) -> Finding:
    """Return the score that the ratings add up to, and what it would be by the rules, as a table.

    Parameters
    ----------
    inspection : Inspection
        A published inspection.

    Returns
    -------
    Finding
        One row: `points, maximum, rating`; `points_by_rule, rating_by_rule`, each override undone;
        `overrides`, how many; `published_points, published_maximum, published_rating` as stated,
        missing where they are not. Where not every standard has a published rating, words and no
        row: a standard rated by judgement has no rating without an inspection.

    Notes
    -----
    The bands of a score: see `stats.overall_rating`.

    Examples
    --------
    >>> import hmip_kit as hk
    >>> found = hk.load("lewisham-bromley-2022").show.score()
    >>> found.rows[["points", "maximum", "rating", "points_by_rule"]].values.tolist()
    [[4, 24, 'Inadequate', 2]]
    """
    framework, identity = inspection.framework, inspection.identity
    if all(rule.name != "overall" for rule in framework.rules):
        raise NotInData("How points make a rating is not known for this regime.")
    rated = rate(inspection, bases(inspection))
    if rated.empty or rated["published_rating"].eq("").any():
        raise NotInData("Not every standard is rated, so there is no score.")
    ruled = rated["rule_rating"].where(rated["rule_rating"] != "", rated["rating"])
    points, by_rule = (sum(map(framework.points, given)) for given in (rated["rating"], ruled))
    maximum = len(rated) * max(one.points for one in framework.ratings)
    row = {
        "points": points,
        "maximum": maximum,
        "rating": overall_rating(points, maximum),
        "points_by_rule": by_rule,
        "rating_by_rule": overall_rating(by_rule, maximum),
        "overrides": int(rated["override"].sum()),
        "published_points": identity.get("score"),
        "published_maximum": identity.get("maximum_score"),
        "published_rating": identity.get("rating"),
    }
    return Finding(
        inspection=inspection,
        rows=pd.DataFrame([row]),
        say=_score_said,
        columns={name: name.replace("_", " ").capitalize() for name in row},
        measure="Points of all rated standards",
        cases=_rated_words(inspection, rated),
        notes=(rule_said(framework.rule("overall")),),
        opens=False,
    )


def _score_said(rows: pd.DataFrame) -> Said:
    if rows.empty:
        return "No score to show", "No standard is rated."
    row = rows.to_dict("records")[0]
    by_rule = f"{_points_word(row['points_by_rule'])}, {row['rating_by_rule']}"
    moved = f"Raised or lowered by judgement: {number(row['overrides'])}."
    title = f"{row['rating']}: {row['points']} of {row['maximum']} points"
    return title, f"By the rules alone: {by_rule}. {moved}"
