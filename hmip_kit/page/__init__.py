"""From run notebooks to what a page is made of: what a test reads, and the template shows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hmip_kit import __version__
from hmip_kit.errors import CellFailed, NotShared
from hmip_kit.page.sections import drop_empty, practice_last, sections_of, slug
from hmip_kit.picture import VEGALITE, png, rows_in, with_rows
from hmip_kit.protect import FEWEST_CASES, FEWEST_COUNTED, groups_in
from hmip_kit.protect.bundle import FINDING, FINDINGS
from hmip_kit.protect.cube import merged
from hmip_kit.protect.payload import Block, Cube, FindingData, Page, PageFinding, Part, Spec
from hmip_kit.settings import LEVEL_NAMES, LEVELS, Level

OWN_CASES = "hmip_own_cases"  # what a run notebook's metadata say of them: whether any were read
PRACTICE = "practice"  # the tag of a cell that is about practice cases, unless own ones are named
PUBLISHED = "published"  # of one that is about a publication: no page of own cases has it
LIVE_ONLY = "live-only"  # the tag of a cell for who works in JupyterLab, and no page
PRACTICE_PART = "practice-cases", "Practice cases"
SEVERAL = "several"  # what the metadata of a notebook on several inspections say
OF_SEVERAL = (  # the parts of a page on several, in this order
    *("At a glance", "Over time", "Units and offices", "Cases", "Services and outcomes", "Groups"),
    "Auditors",
)


def page_of(
    notebooks: Mapping[str, Any],
    name: str = "",
    level: Level = "sharing",
    release: str = "",
    marking: str = "",
) -> Page:
    """Return the page called `name` of run `notebooks`, by name, as far as a `level` allows.

    Without a name it goes by what it is about. Each notebook is a part, or several where a cell's
    metadata name another `part`; cells on practice cases are a part of their own, but of several
    inspections. What the data do not hold is left out, and named. `release` is what the page goes
    by on record, `marking` what stands on each sheet. Raises `CellFailed` where a cell ended in an
    error, and `NotShared` for an output that may not leave the notebook: a finding that did not
    pass the gate of the level, or a bare output where any case may be one's own.
    """
    parts = _all_parts(notebooks)
    for stem, notebook in notebooks.items():
        _check_bare(stem, notebook, list(_findings(parts)))
    cubes = merged(cube for one in _findings(parts) if (cube := one["cube"]))
    left_out = drop_empty(parts)
    findings = list(_findings(parts))
    _check_one_each(findings, name or "page")
    for place, finding in enumerate(findings, 1):
        _check_level(finding, level)
        finding["id"] = f"finding_{place}-{slug(finding['name'])}"
        finding["recount"] = finding["recount"] if _follows(finding, cubes) else None
        finding["png"] = _image(finding)
    for part in parts:
        rails = (one["inspection"]["name"] for one in _findings([part]) if one["recount"])
        part["rails"] = list(dict.fromkeys(rails))
    levels = [one["released"] for one in findings if one["released"]]
    inspections = {one["inspection"]["name"]: one["inspection"] for one in findings}
    whose = sorted(inspections.values(), key=lambda one: "practice" in one["cases_are"])
    called = name or slug(whose[0]["name"] if whose else next(iter(notebooks)))
    return {
        "name": called,
        "title": _title(parts, whose, called),
        "parts": parts,
        "findings": findings,
        "cubes": cubes,
        "left_out": left_out,
        "inspections": whose,
        "level": max(levels, key=LEVELS.index, default=None),
        "version": __version__,
        "release": release if any(one["protected"] for one in findings) else "",
        "marking": marking,
    }


def _all_parts(notebooks: Mapping[str, Any]) -> list[Part]:
    """Return the parts of all notebooks, in their order; of several inspections in that of such."""
    several = any(one["metadata"].get("hmip") == SEVERAL for one in notebooks.values())
    parts = [part for stem, one in notebooks.items() for part in _parts(stem, one, several)]
    if not several:
        return practice_last(parts, *PRACTICE_PART)
    return sorted(parts, key=lambda part: [*OF_SEVERAL, part["label"]].index(part["label"]))


def _title(parts: list[Part], inspections: list[Any], name: str) -> str:
    """Return what a page is called: its one part, else what it is about."""
    if len(parts) == 1:
        return parts[0]["title"]
    return inspections[0]["unit"] if inspections else name


def injected(cell: Any) -> bool:
    """Return whether a `cell` holds the parameters that a run put in, and is not the author's."""
    return "injected-parameters" in _tags(cell)


def _tags(cell: Any) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", []))


def _parts(stem: str, notebook: Any, several: bool) -> Iterator[Part]:
    """Yield the parts that a notebook is and, where its cases are practice cases, that of these."""
    given = enumerate((one for one in notebook["cells"] if not injected(one)), 1)
    cells = [(number, one) for number, one in given if LIVE_ONLY not in _tags(one)]
    published = [one for one in cells if PUBLISHED in _tags(one[1])]
    if any(one["inspection"]["cases_are"] != "none" for one in _held(published)):
        cells = [one for one in cells if one not in published]
    tagged = [one for one in cells if PRACTICE in _tags(one[1]) and not several]
    apart = _part(stem, notebook, tagged)
    made_up = bool(apart["practice"])
    label, pieces = "", dict[str, list[tuple[int, Any]]]()
    for number, one in cells:
        label = one["metadata"].get("part", label)
        if not made_up or (number, one) not in tagged:
            pieces.setdefault(label, []).append((number, one))
    for label, piece in pieces.items():
        yield _part(stem, notebook, piece, label)
    if made_up:
        yield {**apart, "name": PRACTICE_PART[0]}


def _held(cells: Iterable[tuple[int, Any]]) -> Iterator[FindingData]:
    """Yield the findings that cells have as their outputs, as they were kept."""
    for output in (given for _, one in cells for given in one.get("outputs", ())):
        data = output.get("data", {})
        yield from data.get(FINDINGS, [])
        yield from [data[FINDING]] if FINDING in data else []


def _part(stem: str, notebook: Any, cells: Iterable[tuple[int, Any]], label: str = "") -> Part:
    found = sections_of(stem, cells, _output)
    titles = [one["title"] for one in found if one["level"] == 1]
    title = titles[0] if titles else stem
    part: Part = {
        "name": slug(label or stem),
        "label": label or str(notebook["metadata"].get("title", title)),
        "title": title,
        "practice": "",
        "sections": found,
        "rails": [],
    }
    shown = [one["inspection"] for one in _findings([part]) if not one["lacks"]]
    if shown and all(one["cases_are"] == "practice" for one in shown):
        part["practice"] = shown[0]["name"]
    return part


def _findings(parts: Iterable[Part]) -> Iterator[PageFinding]:
    for part in parts:
        for section in part["sections"]:
            for block in section["blocks"]:
                yield from block.get("findings", [])


def file_stem(page: Page) -> str:
    """Return what the files of a `page` are called: its name, with its marking."""
    return "-".join(filter(None, [page["name"], re.sub(r"[^\w]+", "-", page["marking"])]))


def _output(output: Any, name: str, number: int) -> Iterator[Block]:
    if output["output_type"] == "error":
        raise CellFailed(f"{name}, cell {number}: {output['ename']}: {output['evalue']}")
    data = output.get("data", {})
    if FINDINGS in data:
        shown = [_pictured(one, one.get("spec")) for one in data[FINDINGS]]
        yield {"kind": "findings", "findings": shown}
    elif FINDING in data:
        spec = data.get(VEGALITE)
        held: Any = data[FINDING] if spec is None else {**data[FINDING], "rows": rows_in(spec)}
        yield {"kind": "findings", "findings": [_pictured(held, spec)]}
    elif output["output_type"] == "stream" or data:
        text = "".join(output.get("text") or data.get("text/plain", ""))
        yield {"kind": "bare", "text": text, "cell": number}


def _pictured(finding: FindingData, spec: Spec | None) -> PageFinding:
    """Return a finding with its picture without title and rows."""
    if spec is None:
        return {**finding, "id": "", "spec": None, "png": None}
    plain = {key: value for key, value in spec.items() if key not in ("title", "$schema")}
    return {**finding, "id": "", "spec": with_rows(plain, []), "png": None}


def _image(finding: PageFinding) -> bytes | None:
    """Return the picture of a finding for want of script, drawn once it is known to stay."""
    spec = finding["spec"]
    return png(with_rows(spec, finding["rows"])) if spec else None


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


def _check_bare(stem: str, notebook: Any, findings: list[PageFinding]) -> None:
    """Refuse bare output where cases may be one's own: nobody can tell whose a frame holds."""
    own = bool(notebook["metadata"].get(OWN_CASES))
    if findings and not own and not any(finding["protected"] for finding in findings):
        return
    cells = (one for one in notebook["cells"] if not injected(one))
    for number, cell in enumerate(cells, 1):
        for output in cell.get("outputs", []):
            for block in _output(output, stem, number):
                if block["kind"] == "bare" and block["text"].strip():
                    raise NotShared(
                        f"{stem}, cell {number}: shows a bare output, and nothing says that it may "
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
