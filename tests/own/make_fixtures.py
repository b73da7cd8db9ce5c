"""Make the fixtures in this folder again: a small made-up audit by LibreOffice in its own ways.

    python tests/own/make_fixtures.py

Every case in it is made up. LibreOffice (`soffice`) turns the same flat spreadsheet into ODS, XLSX,
and CSV in several encodings.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
Rows = list[list[str | int | bool]]
CASES: Rows = [
    ["Made-up audit, spring 2026"],
    [
        "Case",
        "Case/sentence\ntype  [Licence] or [Community]",
        "Gender",
        "Age",
        "Probation office",
        "assessment_safety",
        "Planning: engagement",
    ],
    ["c1", "Community order", "F", 22, "Ledburn – café", "Y", "NA"],
    ["c2", "Licence", "M", 51, "Ledburn – café", "N", "Not applicable"],
    ["c3", "PSS", "Male", 36, "Harrow Lane", "yes", ""],
    ["c4", "Suspended  sentence order", "female", 25, "Harrow Lane", "no", "Yes"],
]
NEEDS: Rows = [
    ["case_id", "Need", "Linked to offending", "Delivered"],
    ["c1", "ETE", True, "Y"],
    ["c2", "Drugs", False, ""],
    ["c2", "ETE", True, "N"],
]
LISTS: Rows = [["Community"], ["Licence"]]
SEMICOLON_WINDOWS, COMMA_UTF8, TAB_UTF16 = "59,34,1,1", "44,34,76,1", "9,34,65535,1"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document '
    'office:mimetype="application/vnd.oasis.opendocument.spreadsheet" '
    'office:version="1.3" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)


def cell(value: object) -> str:
    """Return a cell of a flat spreadsheet; a text that begins with = is a formula."""
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return (
            '<table:table-cell office:value-type="boolean" '
            f'office:boolean-value="{str(value).lower()}"/>'
        )
    if isinstance(value, int):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    if str(value).startswith("="):
        return f'<table:table-cell table:formula="of:{escape(str(value), {chr(34): "&quot;"})}"/>'
    lines = "".join(
        f"<text:p>{escape(line)}</text:p>"
        for line in str(value).replace("  ", " <text:s/>").split("\n")
    )
    return (
        '<table:table-cell office:value-type="string">'
        f"{lines.replace('&lt;text:s/&gt;', '<text:s/>')}</table:table-cell>"
    )


def sheet(name: str, rows: Rows, hidden: bool = False) -> str:
    """Return a sheet of a flat spreadsheet."""
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return (
        f'<table:table table:name="{name}"'
        f"{' table:style-name=' + chr(34) + 'hidden' + chr(34) if hidden else ''}>"
        f"{body}</table:table>"
    )


def convert(source: Path, kind: str, name: str) -> None:
    """Have LibreOffice write a file in another form."""
    ending = kind.partition(":")[0]
    subprocess.run(
        [
            "soffice",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(source.parent),
            str(source),
        ],
        check=True,
        capture_output=True,
    )
    source.with_suffix(f".{ending}").replace(HERE / name)


def main() -> None:
    """Write every fixture."""
    faults = [row[:] for row in CASES]
    faults[2] = ["c1", '=IF(1;"Licence";"")', "=NA()", 22, "Ledburn", "Y", "NA"]
    books = {
        "audit": sheet("cases", CASES) + sheet("needs", NEEDS) + sheet("Lists", LISTS, hidden=True),
        "plain": sheet("cases", CASES),
        "faults": sheet("cases", faults),
    }
    with TemporaryDirectory() as folder:
        sources = {name: Path(folder) / f"{name}.fods" for name in books}
        for name, body in books.items():
            sources[name].write_text(
                f"{HEAD}{body}</office:spreadsheet></office:body></office:document>",
                encoding="utf-8",
            )
        for name in ("audit", "faults"):
            convert(sources[name], "ods", f"{name}.ods")
            convert(sources[name], "xlsx:Calc MS Excel 2007 XML", f"{name}.xlsx")
        for options, name in (
            (SEMICOLON_WINDOWS, "semicolons-windows"),
            (COMMA_UTF8, "commas-utf8"),
            (TAB_UTF16, "tabs-utf16"),
        ):
            convert(sources["plain"], f"csv:Text - txt - csv (StarCalc):{options}", f"{name}.csv")


if __name__ == "__main__":
    main()
