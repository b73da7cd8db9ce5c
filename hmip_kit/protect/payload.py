"""What passes between Python and the script of a page or a panel, and what a page is made of.

All of it is plain data. The tests check every page that they make against these types.
"""

from typing import Any, Literal, NotRequired, TypedDict

Spec = dict[str, Any]  # a Vega-Lite specification without rows
Rows = list[dict[str, Any]]


class Provenance(TypedDict):
    """What a reader must know of the data's origin: see `bundle.provenance_of`."""

    name: str
    title: str
    cases_are: Literal["none", "own", "practice", "own practice"]
    size: int
    sha256: str
    mark: str
    published: NotRequired[str]
    licence: NotRequired[str]
    copyright: NotRequired[str]
    about: NotRequired[str]
    unit: str
    said: str


class RecountData(TypedDict):
    """How a finding is counted again: see `findings.Recount`."""

    yes: list[str]
    n: list[str]
    not_recorded: list[str]
    words: Literal["lowest", "each", "answered", "every stage"]
    split: bool


class Characteristic(TypedDict):
    """What a reader may filter by."""

    name: str
    label: str
    values: list[str]


class Cell(TypedDict):
    """A combination of values that some case has: a place in each list of values, and counts.

    Of needs a place is the list of those that the cases have.
    """

    at: list[Any]
    counts: list[int]


class Tallies(TypedDict):
    """The counts of `keys`: a cell per combination or, for sharing, those of single groups.

    A single group goes by characteristic, line break, value; what is hidden is None.
    """

    keys: list[str]
    cells: NotRequired[list[Cell]]
    single: NotRequired[dict[str, list[int | None]]]


class Cube(TypedDict):
    """What a page adds up when a reader filters the cases of one inspection."""

    name: str
    practice: str
    size: int
    characteristics: list[Characteristic]
    notes: list[str]
    tallies: Tallies


class Point(TypedDict):
    """One of the few points that a finding comes to: a card, or an item of a list."""

    label: str
    number: str
    words: str


class Shown(TypedDict):
    """What is shown of a finding, in a panel as on a page.

    `numbers` are the columns of a file of its rows, with numbers as numbers.
    """

    name: str
    source: str
    level: str
    title: str
    sentence: str
    measure: str
    cases: str
    notes: list[str]
    columns: dict[str, str]
    numbers: dict[str, str]
    rows: Rows


class FindingData(Shown):
    """A finding as a notebook keeps it.

    `where` has a name and its values per choice of filters; `thresholds` are the fewest cases and
    people that the gate went by; `lacks` says that the data do not hold what it takes; `points` are
    shown as `look` says.
    """

    protected: bool
    lacks: bool
    look: Literal["table", "cards", "list"]
    points: list[Point]
    released: Literal["sharing", "unit"] | None
    thresholds: list[int]
    inspection: Provenance
    where: list[list[Any]]
    tallies: dict[str, list[str]]
    recount: RecountData | None
    cube: Cube | None
    spec: NotRequired[Spec | None]


class PageFinding(FindingData):
    """A finding on a page, with its place there and its picture for where script is off."""

    id: str
    png: bytes | None


class ScriptFinding(Shown):
    """A finding as the page script reads it."""

    id: str
    inspection: str
    where: list[list[Any]]
    recount: RecountData | None
    spec: Spec | None


class ScriptPart(TypedDict):
    """What the page script reads of one part: its findings, and whose cases its rails filter."""

    name: str
    findings: list[ScriptFinding]
    rails: list[str]


class ScriptData(TypedDict):
    """What the page script reads once: what is added up for every part."""

    cubes: dict[str, Cube]


class Block(TypedDict):
    """A piece of a section: prose, code, a bare output, or findings."""

    kind: Literal["prose", "code", "bare", "findings"]
    text: NotRequired[str]
    cell: NotRequired[int]
    findings: NotRequired[list[PageFinding]]


class Section(TypedDict):
    """A heading, with all that stands under it to the next one; none before the first."""

    id: str
    level: int
    title: str
    blocks: list[Block]


class Part(TypedDict):
    """A part of a page: a notebook, or the practice cases of several.

    `label` is what it is called where parts are listed, `practice` the name of the practice cases
    that it is all about, `rails` whose cases a reader filters there.
    """

    name: str
    label: str
    title: str
    practice: str
    sections: list[Section]
    rails: list[str]


class Page(TypedDict):
    """A page: what a test reads, and the template shows.

    `level` is that of its protected findings, none where there are none; `left_out` names what the
    data do not hold; `release` is the id of what is on record of it, and `marking` what stands on
    every sheet of it.
    """

    name: str
    title: str
    parts: list[Part]
    findings: list[PageFinding]
    cubes: dict[str, Cube]
    left_out: list[str]
    inspections: list[Provenance]
    level: Literal["sharing", "unit"] | None
    version: str
    release: str
    marking: str


class Withheld(TypedDict):
    """What a page leaves out because of earlier ones.

    `characteristics` by name; `questions` by characteristic; `tallies` of people by their keys.
    """

    characteristics: list[str]
    questions: dict[str, list[str]]
    tallies: list[str]


class Choice(TypedDict):
    """A box of the filter form: a value, how many cases it leaves, and whether it is ticked."""

    value: str
    count: int
    chosen: bool


class Group(TypedDict):
    """The boxes of one characteristic."""

    name: str
    label: str
    values: list[Choice]


class Form(TypedDict):
    """The rail of a panel, with the sentence below it and the code that does the same.

    `size` says how many cases are in sight, of `whole`.
    """

    size: str
    whole: int
    groups: list[Group]
    sentence: str
    label: str
    code: str
