"""Case files with a known truth, written in many ways and spoilt at random: CSV, XLSX and ODS."""

import csv
import io
import random
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from hmip_kit.schema import NOT_RECORDED

HEAD = ["case_id", "sex", "sentence_type", "office", "assessment_safety", "planning_safety"]
CALLED = {
    "case_id": ["case_id", "Case", "Case number", "Case ref", "1. Case"],
    "sex": ["sex", "Sex", "Gender", " GENDER ", "Q2 Sex", "Sex (as recorded)"],
    "sentence_type": ["sentence_type", "Sentence type", "Case/sentence type", "Disposal"],
    "office": ["office", "Office", "Team", "Office or team", "3) Office"],
    "assessment_safety": [
        "assessment_safety",
        "Assessment: safety of other people",
        "Assessment safety",
    ],
    "planning_safety": [
        "planning_safety",
        "Does planning focus sufficiently on keeping other people safe?",
        "2.1 Planning: safety of other people",
        "planning_safety (Q7)",
    ],
}
SPELLED = {
    "Male": ["Male", "M", "male ", "Man", " m"],
    "Female": ["Female", "F", "FEMALE", "woman"],
    "Community": ["Community", "Community order", "SSO", "community"],
    "Licence": ["Licence", "License", "PSS", "on  licence"],
    "Yes": ["Yes", "Y", "yes", "TRUE", "1", "1.0", "Sufficient"],
    "No": ["No", "N", "no ", "false", "0", "Not met"],
    "Not applicable": ["Not applicable", "n/a", "NA", "[z]"],
    "": ["", " ", "-", "N/K", "unknown"],
}
OFFICES = ["North", "South, inner", "Ledburn – café", "East & West", "<Hub>", "=A1"]
WRONG = ["#N/A", "#REF!", "✓", "✗", "≠ Yes", "Mael", "maybe", "Yes!", "?", "-1", "Err:502"]
NOTES = ["Source: our own audit", "Note: cases were drawn at random", "Total of all cases here"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


@dataclass
class Spoilt:
    """A file: its `grid` as written, the `truth` by case, and whether it must be refused.

    `words` must stand in a warning. `hidden` are rows of the grid.
    """

    grid: list[list[str]]
    truth: dict[str, list[str]]
    refused: bool = False
    words: set[str] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)


def spoilt(chance: random.Random) -> Spoilt:
    """Return a table of made-up cases with up to three things done to it."""
    truth = {f"c{at + 1}": _values(chance) for at in range(chance.randint(3, 12))}
    grid = [[chance.choice(CALLED[name]) for name in HEAD]]
    grid += [[case, *(_spelled(chance, one) for one in row)] for case, row in truth.items()]
    made = Spoilt(grid, truth)
    changes = chance.sample(CHANGES, chance.randint(0, 3))
    # Others go by the places of columns, and what is hidden by the places of rows.
    for change in sorted(changes, key=lambda one: one in (shuffled, hide)):
        change(made, chance)
    return made


def _values(chance: random.Random) -> list[str]:
    answers = [chance.choice(["Yes", "No", "Not applicable", ""]) for _ in range(2)]
    sex, sentence = chance.choice(["Male", "Female", ""]), chance.choice(["Community", "Licence"])
    return [sex, sentence, chance.choice(OFFICES), *answers]


def _spelled(chance: random.Random, value: str) -> str:
    return chance.choice(SPELLED.get(value, [value]))


def _row(made: Spoilt, chance: random.Random) -> int:
    """Return the place of a row of a case in the grid."""
    return chance.choice([at for at, row in enumerate(made.grid) if row[0] in made.truth])


def wrong_cell(made: Spoilt, chance: random.Random) -> None:
    """Put what is no value into a cell with a list of values."""
    made.grid[_row(made, chance)][chance.choice([1, 2, 4, 5])] = chance.choice(WRONG)
    made.refused = True


def note_below(made: Spoilt, chance: random.Random) -> None:
    """Put a note below the table."""
    made.grid += [[""] * len(HEAD)] * chance.randint(0, 2)
    made.grid.append([chance.choice(NOTES), *[""] * (len(HEAD) - 1)])
    made.words.add("is a note and no case")


def blank_rows(made: Spoilt, chance: random.Random) -> None:
    """Put blank rows between the cases."""
    for _ in range(chance.randint(1, 3)):
        made.grid.insert(_row(made, chance), [""] * len(HEAD))


def headings_again(made: Spoilt, chance: random.Random) -> None:
    """Put the headings once more between the cases."""
    if "" in made.grid[0]:  # as some of them stand in the row below
        return
    made.grid.insert(_row(made, chance), list(made.grid[0]))
    made.words.add("repeats the headings")


def twice(made: Spoilt, chance: random.Random) -> None:
    """Put a case in twice."""
    row = made.grid[_row(made, chance)]
    made.grid.append(list(row))
    made.refused = True


def without_id(made: Spoilt, chance: random.Random) -> None:
    """Go on with a case in a second row, without its id."""
    at = _row(made, chance)
    made.grid.insert(at + 1, ["", "", "", "", "Yes", "No"])
    made.refused = True


def over_two_rows(made: Spoilt, chance: random.Random) -> None:
    """Let some headings stand in a row above the others, as merged cells do."""
    if made.grid[0] in made.grid[1:]:
        return
    upper = chance.sample(range(1, len(HEAD)), 2)
    lower = [heading if at in upper else "" for at, heading in enumerate(made.grid[0])]
    made.grid[0] = ["" if at in upper else heading for at, heading in enumerate(made.grid[0])]
    made.grid.insert(1, lower)


def hide(made: Spoilt, chance: random.Random) -> None:
    """Hide rows of cases, as a filter does."""
    made.hidden = {_row(made, chance) for _ in range(2)}


def shuffled(made: Spoilt, chance: random.Random) -> None:
    """Put columns in another order."""
    order = list(range(len(HEAD)))
    chance.shuffle(order)
    if order[0] == 0:  # changes to come go by the first column
        made.grid = [[row[at] for at in order] for row in made.grid]


CHANGES = [
    wrong_cell,
    note_below,
    blank_rows,
    headings_again,
    twice,
    without_id,
    over_two_rows,
    hide,
    shuffled,
]


def as_csv(made: Spoilt, chance: random.Random) -> bytes:
    """Return the file as CSV, in one of the ways in which programs write it."""
    text = io.StringIO()
    separator = chance.choice(",;\t")
    ending = chance.choice(["\n", "\r\n"])
    if chance.random() < 0.5:
        csv.writer(text, delimiter=separator, lineterminator=ending).writerows(made.grid)
    else:
        quoted = csv.writer(text, delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL)
        quoted.writerows(made.grid)
    made.hidden.clear()
    coding = chance.choice(["utf-8", "utf-8-sig", "utf-16"])
    return text.getvalue().encode(coding)


def as_xlsx(made: Spoilt, chance: random.Random) -> bytes:
    """Return the file as a package, its XML in one of many spellings."""
    pre = chance.choice(["", "", "x:"])
    refs, kind = chance.random() < 0.7, chance.choice(["s", "inlineStr", "str"])
    shared: dict[str, int] = {}
    rows = []
    for at, row in enumerate(made.grid):
        cells = [
            _xlsx_cell(text, f' r="{column}{at + 1}"' * refs, kind, shared)
            for column, text in zip("ABCDEF", row, strict=True)
        ]
        marks = f' r="{at + 1}"' * refs + ' hidden="1"' * (at in made.hidden)
        rows.append(f"<row{marks}>{''.join(cells)}</row>")
    if refs and chance.random() < 0.3:  # formatted to the last row
        rows.append('<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row>')
    body = f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"
    body = body.replace("<", f"<{pre}").replace(f"<{pre}/", f"</{pre}")
    space = f"xmlns:x='{MAIN}'" if pre else f"xmlns='{MAIN}'"
    body = body.replace("worksheet>", f"worksheet {space}>", 1)
    if chance.random() < 0.3:
        body = body.replace('"', "'")
    texts = "".join(f'<si><t xml:space="preserve">{escape(one)}</t></si>' for one in shared)
    return _package(
        {
            "_rels/.rels": _links(("a", "xl/workbook.xml", "officeDocument")),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
            '<sheet name="cases" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _links(
                ("r1", "worksheets/sheet1.xml", "worksheet"),
                ("r2", "sharedStrings.xml", "sharedStrings"),
            ),
            "xl/worksheets/sheet1.xml": body,
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        }
    )


def _xlsx_cell(text: str, ref: str, kind: str, shared: dict[str, int]) -> str:
    if text == "":
        return f"<c{ref}/>"
    if text in ("#N/A", "#REF!"):
        return f'<c{ref} t="e"><v>{text}</v></c>'
    if text in ("0", "1"):
        return f"<c{ref}><v>{text}</v></c>"
    if text == "TRUE":
        return f'<c{ref} t="b"><v>1</v></c>'
    if kind == "inlineStr":
        return f'<c{ref} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    value = shared.setdefault(text, len(shared)) if kind == "s" else escape(text)
    return f'<c{ref} t="{kind}"><v>{value}</v></c>'


def _links(*links: tuple[str, str, str]) -> str:
    told = "".join(f'<Relationship Id="{a}" Target="{b}" Type="{REL}/{c}"/>' for a, b, c in links)
    return f'<Relationships xmlns="{PACKED}">{told}</Relationships>'


def as_ods(made: Spoilt, chance: random.Random) -> bytes:
    """Return the file as an OpenDocument spreadsheet, errors with or without LibreOffice's mark."""
    rows = []
    for at, row in enumerate(made.grid):
        cells = "".join(_ods_cell(text, chance) for text in row)
        hidden = ' table:visibility="filter"' * (at in made.hidden)
        rows.append(f"<table:table-row{hidden}>{cells}</table:table-row>")
    if chance.random() < 0.3:
        blank = '<table:table-cell table:style-name="c" table:number-columns-repeated="16384"/>'
        rows.append(
            f'<table:table-row table:number-rows-repeated="900000">{blank}</table:table-row>'
        )
    spaces = "".join(f' xmlns:{one}="{ODF}{one}:1.0"' for one in ("office", "table", "text"))
    body = (
        f'<office:document-content{spaces} xmlns:calcext="c"><office:body><office:spreadsheet>'
        f'<table:table table:name="cases">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<m:manifest xmlns:m="{ODF}manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return _package({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": body})


def _ods_cell(text: str, chance: random.Random) -> str:
    if text == "":
        return "<table:table-cell/>"
    if text.startswith(("#", "Err")):
        mark = chance.choice([' calcext:value-type="error"', ""])
        kind = chance.choice(['"string" office:string-value=""', '"float" office:value="0"'])
        given = f' table:formula="of:=NA()" office:value-type={kind}{mark}'
        return f"<table:table-cell{given}><text:p>{text}</text:p></table:table-cell>"
    if text in ("0", "1"):
        return f'<table:table-cell office:value-type="float" office:value="{text}"/>'
    said = escape(text).replace("  ", " <text:s/>")
    return (
        f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'
    )


def _package(parts: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return content.getvalue()


def bitten(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes of a file with a few of them changed, taken out or put in."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(content))
        kind = chance.randrange(4)
        put = b"" if kind == 0 else bytes([chance.randrange(256)])
        content = content[:at] + put + content[at + (kind < 3) :]
        if kind == 3 and chance.random() < 0.2:
            content = content[:at]
    return content


def written(made: Spoilt, ending: str, chance: random.Random, folder: Path) -> Path:
    """Write the file in the form that its `ending` says."""
    path = folder / f"audit.{ending}"
    path.write_bytes({"csv": as_csv, "xlsx": as_xlsx, "ods": as_ods}[ending](made, chance))
    return path


def wanted(made: Spoilt) -> dict[str, list[str]]:
    """Return what the file must be read as, by case, "" for an answer that is not recorded."""
    return {
        case: [*(one or NOT_RECORDED for one in row[:3]), *row[3:]]
        for case, row in made.truth.items()
    }
