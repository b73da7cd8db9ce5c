"""From a run notebook to what a page is made of: what a test reads, and the template shows."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from hmip_kit import __version__
from hmip_kit.errors import CellFailed, NotShared
from hmip_kit.picture import VEGALITE, png, rows_in, with_rows
from hmip_kit.protect import FEWEST_CASES, FEWEST_COUNTED, groups_in
from hmip_kit.protect.bundle import FINDING, FINDINGS
from hmip_kit.protect.cube import merged
from hmip_kit.protect.payload import Block, Cube, FindingData, Page, PageFinding, Spec
from hmip_kit.settings import LEVEL_NAMES, LEVELS, Level

OWN_CASES = "hmip_own_cases"  # what a run notebook's metadata say of them: whether any were read


def page_of(
    notebook: Any, name: str, level: Level = "sharing", release: str = "", marking: str = ""
) -> Page:
    """Return the page called `name` of a run `notebook`, as far as a `level` allows.

    `release` is what it goes by on record, `marking` what stands on each sheet. Raises `CellFailed`
    where a cell ended in an error, and `NotShared` for an output that may not leave the notebook: a
    finding that did not pass the gate of the level, or a bare output where any case may be one's
    own.
    """
    cells = [one for one in notebook["cells"] if not injected(one)]
    blocks = [block for number, one in enumerate(cells, 1) for block in _blocks(one, name, number)]
    findings = [finding for block in blocks for finding in block.get("findings", [])]
    for place, finding in enumerate(findings, 1):
        _check_level(finding, level)
        finding["id"] = f"finding-{place}-{_slug(finding['name'])}"
    own = bool(notebook["metadata"].get(OWN_CASES))
    if own or not findings or any(finding["protected"] for finding in findings):
        _check_bare(blocks, name)
    _check_one_each(findings, name)
    cubes = merged(cube for finding in findings if (cube := finding["cube"]))
    for finding in findings:
        if not _follows(finding, cubes):
            finding["recount"] = None
    levels = [one["released"] for one in findings if one["released"]]
    titles = (block["text"] for block in blocks if block.get("level") == 1)
    inspections = {one["inspection"]["name"]: one["inspection"] for one in findings}
    return {
        "name": name,
        "title": next(titles, name),
        "blocks": blocks,
        "findings": findings,
        "cubes": cubes,
        "forms": _forms(blocks, cubes),
        "inspections": list(inspections.values()),
        "level": max(levels, key=LEVELS.index, default=None),
        "version": __version__,
        "release": release if any(one["protected"] for one in findings) else "",
        "marking": marking,
    }


def injected(cell: Any) -> bool:
    """Return whether a `cell` holds the parameters that a run put in, and is not the author's."""
    return "injected-parameters" in cell.get("metadata", {}).get("tags", [])


def _blocks(cell: Any, name: str, number: int) -> Iterator[Block]:
    if cell["cell_type"] == "markdown":
        yield from _markdown(cell["source"])
    elif cell["cell_type"] == "code":
        yield {"kind": "code", "text": cell["source"]}
        for output in cell.get("outputs", []):
            yield from _output(output, name, number)


def _markdown(source: str) -> Iterator[Block]:
    """Yield a Markdown cell in pieces, each heading on its own: the contents list names it."""
    for piece in re.split(r"(?m)^(#{1,6} .*)$", source):
        heading = re.match(r"(#{1,6}) (.*)", piece)
        if heading:
            text = heading[2].strip()
            yield {"kind": "heading", "level": len(heading[1]), "text": text, "id": _slug(text)}
        elif piece.strip():
            yield {"kind": "prose", "text": piece.strip()}


def file_stem(page: Page) -> str:
    """Return what the files of a `page` are called: its name, with its marking."""
    return "-".join(filter(None, [page["name"], re.sub(r"[^\w]+", "-", page["marking"])]))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _output(output: Any, name: str, number: int) -> Iterator[Block]:
    if output["output_type"] == "error":
        raise CellFailed(f"{name}, cell {number}: {output['ename']}: {output['evalue']}")
    data = output.get("data", {})
    if FINDINGS in data:
        shown = [_pictured(one, one.get("spec")) for one in data[FINDINGS]]
        yield {"kind": "explorer", "findings": shown}
    elif FINDING in data:
        spec = data.get(VEGALITE)
        held: Any = data[FINDING] if spec is None else {**data[FINDING], "rows": rows_in(spec)}
        yield {"kind": "finding", "findings": [_pictured(held, spec)]}
    elif output["output_type"] == "stream" or data:
        text = "".join(output.get("text") or data.get("text/plain", ""))
        yield {"kind": "bare", "text": text, "cell": number}


def _pictured(finding: FindingData, spec: Spec | None) -> PageFinding:
    """Return a finding with its picture without title and rows, and a PNG for want of script."""
    if spec is None:
        return {**finding, "id": "", "spec": None, "png": None}
    plain = {key: value for key, value in spec.items() if key not in ("title", "$schema")}
    image = png(with_rows(plain, finding["rows"]))
    return {**finding, "id": "", "spec": with_rows(plain, []), "png": image}


def _check_level(finding: PageFinding, level: Level) -> None:
    passed = finding["released"]
    if finding["protected"] and (not passed or LEVELS.index(passed) > LEVELS.index(level)):
        raise NotShared(
            f"{finding['name']}: counts your own cases and has not passed the gate of a page "
            f"{LEVEL_NAMES[level]}. Make the page with `hmip render`."
        )
    if finding["protected"] and finding["thresholds"] != [FEWEST_CASES, FEWEST_COUNTED]:
        raise NotShared(
            f"{finding['name']}: the notebook changed how few cases or people may be shown, from "
            f"{FEWEST_CASES} and {FEWEST_COUNTED} to {finding['thresholds']}"
        )


def _check_bare(blocks: Iterable[Block], name: str) -> None:
    """Refuse bare output: nobody can tell whose cases a frame holds."""
    for block in blocks:
        if block["kind"] == "bare" and block["text"].strip():
            raise NotShared(
                f"{name}, cell {block['cell']}: shows a bare output, and nothing says that it may "
                "be shared. Show a finding instead: `.show` has them."
            )


def _check_one_each(findings: list[PageFinding], name: str) -> None:
    """Refuse counts of two sets of data under one name: a page has one cube for each."""
    found: dict[str, tuple[str, str]] = {}
    counting = (one for one in findings if one["tallies"] or one["cube"])
    for about in (finding["inspection"] for finding in counting):
        content = about["sha256"], about["mark"]
        if found.setdefault(about["name"], content) != content:
            raise NotShared(
                f"{name}: not written, because two different sets of data are called "
                f"{about['name']!r}: rename one file"
            )


def _follows(finding: PageFinding, cubes: dict[str, Cube]) -> bool:
    """Return whether a page can count a finding again, from groups that its cube tells apart."""
    recount, cube = finding["recount"], cubes.get(finding["inspection"]["name"])
    if recount is None or cube is None:
        return False
    known = {one["name"]: one["values"] for one in cube["characteristics"]}
    chosen = [(name, value) for name, values in finding["where"] for value in values]
    groups = (group for key in (*recount["yes"], *recount["n"]) for group in groups_in(key))
    return all(value in known.get(name, ()) for name, value in (*chosen, *groups))


def _forms(blocks: Iterable[Block], cubes: dict[str, Cube]) -> dict[int, str]:
    """Return before which block each cube's form stands.

    That is its explorer, else the first finding that follows it.
    """
    places: dict[str, int] = {}
    for kind in ("explorer", "finding"):
        for place, block in enumerate(blocks):
            following = (one for one in block.get("findings", []) if one["recount"])
            for name in (one["inspection"]["name"] for one in following):
                if block["kind"] == kind and name in cubes:
                    places.setdefault(name, place)
    return {place: name for name, place in places.items()}
