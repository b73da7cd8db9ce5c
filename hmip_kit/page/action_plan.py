"""The action plan: recommendations, what the figures say, and blanks to fill in."""

from html import escape
from pathlib import Path

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.findings.glance import unit_first
from hmip_kit.findings.report import READING
from hmip_kit.inspection import Inspection
from hmip_kit.settings import INK, PALE, QUIET
from hmip_kit.workbook import Sheet, workbook, write_whole

HEADS = ("No", "For", "Recommendation", "What the figures say")
BLANKS = ("Agreed, partly, not agreed", "Steps", "Owner", "By when", "Re-check")
MOST_FIGURES = 1  # of those behind a recommendation, so that the plan stays one page
STYLE = f"""@page {{ size: A4 landscape; margin: 8mm }}
body {{ font: 7.6pt/1.15 Arial, Helvetica, "Liberation Sans", sans-serif; color: {INK}; }}
body {{ margin: 0 auto; max-width: 281mm }}
h1 {{ font-size: 13pt; margin: 0 0 1mm }} p {{ margin: 0 0 2mm }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ border: 0.3mm solid {QUIET}; padding: 0.8mm 1.2mm; text-align: left;
vertical-align: top }}
th {{ background: {PALE} }}
.blank {{ width: 21mm }} .steps {{ width: 46mm }} .number {{ width: 6mm }}
.addressee {{ width: 20mm }} .asked {{ width: 48mm }}
@media (max-width: 600px) {{
body {{ padding: 8px }} table, tbody, tr, td {{ display: block }} thead {{ display: none }}
td.blank::before {{ content: attr(data-head) ": " }}
.blank, .steps, .number, .addressee, .asked {{ width: auto }} }}"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def action_plan(inspection: Inspection, path: str | Path) -> Path:
    """Write a plan of action: recommendations, the unit's own first, with room to fill in.

    Parameters
    ----------
    inspection : Inspection
        A published inspection with recommendations.
    path : str or Path
        Where to write it: `.html` is one sheet of A4 to print, `.xlsx` a workbook. A file of that
        name is written over.

    Returns
    -------
    Path
        The file. It has a row per recommendation: number, whom it is for, what is asked, what the
        figures say (the first on the sheet, all of them in the workbook), and room for whether
        it is agreed, steps, owner, by when and re-check.

    Raises
    ------
    KitError
        For another ending, a folder that is not there, or no recommendations.

    Notes
    -----
    Which figures belong to which recommendation is this kit's reading.

    Examples
    --------
    >>> import tempfile
    >>> import hmip_kit as hk
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = hk.action_plan(hk.load("lewisham-bromley-2022"), f"{folder}/actions.html")
    ...     path.stat().st_size < 20_000
    True
    """
    target, rows = Path(path), unit_first(inspection)
    if rows.empty:
        raise KitError(f"{inspection.title}: no recommendations to act on")
    if not target.parent.is_dir():
        raise KitError(f"{target.parent} is not a folder")
    ways = {".html": _page, ".xlsx": _workbook}
    ending = target.suffix.lower()
    if ending not in ways:
        given = target.suffix or "a file without an ending"
        raise KitError(f"an action plan is written as {' or '.join(ways)}, not {given}")
    return write_whole(target, ways[ending](inspection, rows))


def _page(inspection: Inspection, rows: pd.DataFrame) -> bytes:
    title = escape(f"Action plan: {inspection.title}")
    heads = "".join(f"<th scope='col'>{head}</th>" for head in (*HEADS, *BLANKS))
    lines = "".join(
        _line(row["number"], row["addressee"], row["label"], _few(row["says"]))
        for row in rows.to_dict("records")
    )
    licence = escape(str(inspection.identity.get("licence", "")))
    return f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{title}</title><style>{STYLE}</style></head>
<body><main><h1>{title}</h1><p>{escape(READING)} {licence}</p>
<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></main></body></html>
""".encode()


def _line(number: int, addressee: str, label: str, says: str) -> str:
    cells = (("number", number), ("addressee", addressee), ("asked", label), ("says", says))
    inside = "".join(f"<td class='{name}'>{escape(str(value))}</td>" for name, value in cells)
    kinds = {head: "blank steps" if head == "Steps" else "blank" for head in BLANKS}
    blanks = "".join(f"<td class='{kind}' data-head='{head}'></td>" for head, kind in kinds.items())
    return f"<tr>{inside}{blanks}</tr>"


def _few(says: tuple[str, ...]) -> str:
    more = len(says) - MOST_FIGURES
    said = "; ".join(says[:MOST_FIGURES]) or "No figure stands behind it"
    return f"{said}; and {more} more" if more > 0 else said


def _workbook(inspection: Inspection, rows: pd.DataFrame) -> bytes:
    table = pd.DataFrame(
        {
            "Number": rows["number"],
            "For": rows["addressee"],
            HEADS[2]: rows["label"],
            "What the figures say": rows["says"].map("; ".join),
        }
    ).assign(**dict.fromkeys(BLANKS, ""))
    about = [READING, str(inspection.identity.get("licence", ""))]
    sheet = Sheet("Actions", "Actions", [READING], table, to_fill_in=BLANKS)
    return workbook(f"Action plan: {inspection.title}", [line for line in about if line], [sheet])
