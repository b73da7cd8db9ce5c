"""Needs: in how many cases each is there, planned for, met with a service, and followed by progress."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from hmip_kit.coded import Mask
from hmip_kit.errors import unknown
from hmip_kit.inspection import Inspection
from hmip_kit.measures.answer_counts import checked_groups
from hmip_kit.measures.published_needs import LINKS, published_needs
from hmip_kit.measures.shares import Row
from hmip_kit.measures.words import MADE_UP, share_after

NO_CASE, NOT_KNOWN = "[z]", "[x]"
FLAGS = {"planned": "planned_for", "served": "service_delivered", "progress": "improved"}
STEPS = tuple(FLAGS)
COUNTS = ["n", "planned", "planned_n", "served", "served_n", "progress", "progress_n"]
PATTERNS = ["served_progress", "served_only", "progress_only", "neither", "unknown"]
LINKS_APART = ("offending alone", "harm alone", "both")
APART = (
    "n",
    "served",
    "progress",
    *PATTERNS[:-1],
)  # what pictures count by a link; "unknown" says of the record, not of a person
COLUMNS = [
    *(
        "need",
        "link",
        "n_least",
        "n_most",
        *COUNTS,
        *PATTERNS,
        "drop_planned",
        "drop_served",
        "drop_progress",
    ),
    *(f"{step}_text" for step in STEPS),
    "text",
]


def needs(
    inspection: Inspection, link: str = "offending", by: str | Iterable[str] | None = None
) -> pd.DataFrame:
    """Return, per need, in how many cases it is there and how far it got: planned for, service delivered, progress noted.

    `link` says which cases have a need: linked to "offending", to "harm", by "either" link, or by "both". Columns, one row per group and
    need: the characteristics `by`; `need, link`; `n`, cases with the need, between `n_least` and `n_most`; `planned, served,
    progress`, those of n where it is so, out of `planned_n, served_n, progress_n` where it is recorded; five patterns that sum to n:
    `served_progress, served_only, progress_only, neither, unknown`; the drop at each step in cases: `drop_planned` (not planned for),
    `drop_served` (no service), `drop_progress` (a service and no progress); per step words, as in "3 of 11 (27%)", "[z]" where no
    case has the need, "[x]" where the data cannot say; `text`.

    Published totals give the needs that the report counts, and no service; what it does not state is missing. No row where there are
    no needs. Raises `NeedsCases` for groups of totals, and `UnknownName`.

    >>> import hmip_kit as hk
    >>> hk.needs(hk.load("practice-cases")).set_index("need").loc["Accommodation", ["n", "served_n"]].tolist()
    [11, 11]
    """
    if link not in LINKS:
        raise unknown("link", link, LINKS)
    groups = checked_groups(inspection, by)
    if inspection.cases_are == "none":
        rows = published_needs(inspection, link).reindex(
            columns=["need", "n_least", "n_most", *COUNTS, *PATTERNS]
        )
    else:
        rows = _counted(inspection, link, groups)
    rows = rows.astype(dict.fromkeys(["n_least", "n_most", *COUNTS, *PATTERNS], "Int64"))
    rows = rows.assign(
        link=link,
        drop_planned=rows["planned_n"] - rows["planned"],
        drop_served=rows["served_n"] - rows["served"],
        drop_progress=rows["served_only"],
    )
    start = MADE_UP if inspection.cases_are == "practice" else ""
    for step in STEPS:
        rows[f"{step}_text"] = pd.Series(
            [_step_text(row, step) for row in rows.to_dict("records")],
            index=rows.index,
            dtype="str",
        )
    rows["text"] = pd.Series(
        [f"{start}{_text(row, groups)}" for row in rows.to_dict("records")],
        index=rows.index,
        dtype="str",
    )
    return rows[[*groups, *COLUMNS]]


def linked(inspection: Inspection, link: str) -> Mask:
    """Return which case has which need by a link, or by one and not by the other: one row per case, one column per need."""
    offending, harm = (
        inspection.need_codes[f"linked_to_{one}"] == 1 for one in ("offending", "harm")
    )
    by_link = {
        "offending": offending,
        "harm": harm,
        "either": offending | harm,
        "both": offending & harm,
    }
    return np.asarray(
        (by_link | {"offending alone": offending & ~harm, "harm alone": harm & ~offending})[link]
    )


def by_links(inspection: Inspection, links: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
    """Return, per need, for each of some links each count and pattern, out of how many cases it is."""
    found: dict[str, list[tuple[int, int]]] = {
        str(need): [] for need in inspection.frames["needs"]["need"].cat.categories
    }
    for masks in (need_masks(inspection, link) for link in links):
        bases = [
            masks.get(f"{what}_n", masks["n"] if what != "n" else np.ones_like(masks["n"]))
            for what in APART
        ]
        for what, base in zip(APART, bases, strict=True):
            for counted, count, of in zip(
                found.values(), masks[what].sum(axis=0), base.sum(axis=0), strict=True
            ):
                counted.append((int(count), int(of)))
    return found


def need_masks(inspection: Inspection, link: str) -> dict[str, Mask]:
    """Return, for each count and pattern of a need, which case counts for which need: one row per case, one column per need."""
    has = linked(inspection, link)
    codes = {step: inspection.need_codes[flag] for step, flag in FLAGS.items()}
    steps = {step: has & (codes[step] == 1) for step in STEPS} | {
        f"{step}_n": has & (codes[step] >= 0) for step in STEPS
    }
    known = steps["served_n"] & steps["progress_n"]
    served, progress = known & steps["served"], known & steps["progress"]
    return {
        "n": has,
        **steps,
        "served_progress": served & progress,
        "served_only": served & ~progress,
        "progress_only": progress & ~served,
        "neither": known & ~served & ~progress,
        "unknown": has & ~known,
    }


def _counted(inspection: Inspection, link: str, groups: list[str]) -> pd.DataFrame:
    masks = need_masks(inspection, link)
    known = list(inspection.frames["needs"]["need"].cat.categories)
    keys = inspection.cases[groups].reset_index(drop=True)
    parts = []
    for column, need in enumerate(known):
        cases = pd.concat(
            [keys, pd.DataFrame({name: mask[:, column] for name, mask in masks.items()})], axis=1
        )
        counts = (
            cases.groupby(groups, observed=False).sum().reset_index()
            if groups
            else cases.sum().to_frame().T
        )
        parts.append(counts.assign(need=need))
    if not parts:
        return pd.DataFrame(columns=[*groups, "need", "n_least", "n_most", *COUNTS, *PATTERNS])
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values(groups, kind="stable", ignore_index=True) if groups else rows
    return rows.assign(n_least=rows["n"], n_most=rows["n"])


def _step_text(row: Row, step: str) -> str:
    if not pd.isna(row["n_most"]) and row["n_most"] == 0:
        return NO_CASE
    count, base = row[step], row[f"{step}_n"]
    if pd.isna(count) or (not pd.isna(base) and base == 0):
        return NOT_KNOWN
    if pd.isna(base):
        return (
            f"{count}, base not stated"
            if pd.isna(row["n"])
            else f"{count} of {row['n']} (base not stated)"
        )
    return f"{count} of {base}{share_after(int(count), int(base))}"


def _text(row: Row, groups: list[str]) -> str:
    name = ", ".join([*(str(row[group]) for group in groups), str(row["need"])])
    return f"{name}: {_cases_with(row)}; service delivered {row['served_text']}; progress noted {row['progress_text']}"


def _cases_with(row: Row) -> str:
    if pd.isna(row["n_least"]):
        return "how many cases have it is not stated"
    if row["n_least"] != row["n_most"]:
        return f"{row['n_least']} to {row['n_most']} cases have it"
    return (
        "no case has it"
        if row["n_most"] == 0
        else f"{row['n_most']} {'case has' if row['n_most'] == 1 else 'cases have'} it"
    )
