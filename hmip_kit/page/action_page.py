"""The action page: recommendations, what the figures say, and blanks to fill in."""

from html import escape
from pathlib import Path

import pandas as pd

from hmip_kit.errors import KitError
from hmip_kit.findings.report import READING, with_figures
from hmip_kit.inspection import Inspection
from hmip_kit.settings import INK, PALE, QUIET
from hmip_kit.workbook import Sheet, workbook, write_whole

HEADS = ("No", "For", "Recommendation", "What the figures say")
BLANKS = ("Owner", "Date", "Re-check")
MOST_FIGURES = 3  # of those behind a recommendation, so that the page stays one page
STYLE = f"""@page {{ size: A4 landscape; margin: 8mm }}
body {{ font: 8pt/1.2 Arial, Helvetica, "Liberation Sans", sans-serif; color: {INK}; }}
body {{ margin: 0 auto; max-width: 281mm }}
h1 {{ font-size: 13pt; margin: 0 0 1mm }} p {{ margin: 0 0 2mm }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ border: 0.3mm solid {QUIET}; padding: 0.8mm 1.2mm; text-align: left;
vertical-align: top }}
th {{ background: {PALE} }} .blank {{ width: 22mm }} .number {{ width: 6mm }}
.addressee {{ width: 26mm }} .asked {{ width: 58mm }}
@media (max-width: 600px) {{
body {{ padding: 8px }} table, tbody, tr, td {{ display: block }} thead {{ display: none }}
td.blank::before {{ content: attr(data-head) ": " }}
.blank, .number, .addressee, .asked {{ width: auto }} }}"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def action_page(inspection: Inspection, path: str | Path) -> Path:
    """Write a page to act on: recommendations, with blanks for owner, date and re-check.

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
        figures say (the first three on the sheet, all of them in the workbook), and the blanks.

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
    ...     path = hk.action_page(hk.load("lewisham-bromley-2022"), f"{folder}/actions.html")
    ...     path.stat().st_size < 20_000
    True
    """
    target, rows = Path(path), with_figures(inspection)
    if rows.empty:
        raise KitError(f"{inspection.title}: no recommendations to act on")
    if not target.parent.is_dir():
        raise KitError(f"{target.parent} is not a folder")
    ways = {".html": _page, ".xlsx": _workbook}
    ending = target.suffix.lower()
    if ending not in ways:
        given = target.suffix or "a file without an ending"
        raise KitError(f"an action page is written as {' or '.join(ways)}, not {given}")
    return write_whole(target, ways[ending](inspection, rows))


def _page(inspection: Inspection, rows: pd.DataFrame) -> bytes:
    title = escape(f"Action page: {inspection.title}")
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
    blanks = "".join(f"<td class='blank' data-head='{head}'></td>" for head in BLANKS)
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
    return workbook(f"Action page: {inspection.title}", [line for line in about if line], [sheet])
