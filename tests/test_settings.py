"""Settings stand in one file: another threshold reaches every text, another palette everything."""

import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from html import unescape
from itertools import chain
from pathlib import Path

import pytest
from rendering import HMIP, write_cases, write_notebook

import hmip_kit as hk
from hmip_kit import settings
from hmip_kit.errors import KitError, UnknownName
from hmip_kit.settings import COLOUR, SETTINGS_SETTING

HERE = Path(__file__).resolve().parent
PACKAGE = Path(hk.__file__).parent
FRONT = PACKAGE / "front"
KNOWN = tomllib.loads((PACKAGE / "settings.toml").read_text(encoding="utf-8"))
HEX = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})(?![-\w])")
SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
STATED = re.compile(
    r"\bten\b|\b(?:under|than|needs|takes|groups?(?: of)?) 10\b|\b10 (?:cases )?or more|"
    r"\b10 is the fewest|\btwenty\b|\bunder 20\b|95%",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\b(?:10|20|ten|twenty|95|0?\.95|1\.9[56]\d*)\b")
COMMENT = re.compile(r"(?m)(?:^|\s)// .*$")
WRITTEN = (".css", ".js", ".html")
UNSEEN = re.compile(r"<style>.*?</style>|<script.*?</script>|<[^>]*>", re.DOTALL)
CELLS = (
    "mine.show.groups(by='office')",
    "mine.show.differences('office')",
    "mine.show.make_up('office')",
    "mine.show.needs()",
    "mine.show.what_can_be_shown()",
    "mine.show.later_sample()",
    "mine.where(sex='Female').show.key_questions()",
)
OFFICES = {"office": [*("North", "South", "East", "West"), *["Central"] * 4], "sex": ["Male"] * 4}
OFFICES["sex"] += ["Female"]
EVERY_PICTURE = """
import json, sys
import hmip_kit as hk
from hmip_kit.errors import KitError
from hmip_kit.page.glossary import markdown
from hmip_kit.picture import svg
from hmip_kit.protect.bundle import specification
drawn = []
for name in ("practice-cases", "lewisham-bromley-2022"):
    data = hk.load(name)
    for finding in dir(data.show):
        try:
            drawn.append(specification(getattr(data.show, finding)()))
        except (KitError, TypeError):
            continue
drawn = [spec for spec in drawn if spec]
seen = drawn[::2]  # drawn outright takes longest
sheet = hk.action_plan(hk.load("lewisham-bromley-2022"), sys.argv[1]).read_text("utf-8")
print(json.dumps([markdown(), len(drawn), json.dumps(drawn), "".join(map(svg, seen)), sheet]))
"""


def other(path: Path, text: str) -> dict[str, str]:
    """Return an environment in which a file of `path` holds the settings of a `text`."""
    path.write_text(text, encoding="utf-8")
    return os.environ | {SETTINGS_SETTING: str(path)}


def run(environment: dict[str, str], *command: str | Path) -> str:
    ran = subprocess.run(
        [*map(str, command)], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def rendered(folder: Path, environment: dict[str, str]) -> str:
    """Return the page of own cases that an `environment` makes in a `folder`."""
    data = write_cases(folder / "audit", 60, OFFICES)
    notebook = write_notebook(folder / "audit.ipynb", *CELLS)
    out = ("--out", folder / "out", "--first-release")
    run(environment, *HMIP, "render", notebook, "--data", data, *out)
    return (folder / "out" / "audit.html").read_text(encoding="utf-8")


def recoloured() -> dict[str, str | list[str]]:
    """Return every colour of the settings as another one, each one's own."""
    shades = (f"#{shade:06X}" for shade in range(0xA1B2C3, 0xFFFFFF, 0x010203))
    colours: dict[str, str | list[str]] = {}
    for name, known in KNOWN.items():
        if isinstance(known, list):
            colours[name] = [next(shades) for _ in known]
        elif isinstance(known, str) and COLOUR.fullmatch(known):
            colours[name] = next(shades)
    return colours


@dataclass(frozen=True)
class Made:
    """What is made where the smallest group and bar have twelve cases, and no colour is ours."""

    page: str
    glossary: str
    many: int  # pictures, which `specs` says and `pictures` draws
    specs: str
    pictures: str
    sheet: str


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return what one file of other settings makes: thresholds and colours, for each test."""
    folder = tmp_path_factory.mktemp("twelve")
    given = "FEWEST_FOR_A_BAR = 12\nFEWEST_IN_A_GROUP = 12\nFEWEST_FOR_A_PERCENTAGE = 24\n"
    colours = "".join(f"{name} = {json.dumps(one)}\n" for name, one in recoloured().items())
    environment = other(folder / "own.toml", f"{given}CONFIDENCE = 0.9\n{colours}")
    said = run(environment, sys.executable, "-c", EVERY_PICTURE, folder / "actions.html")
    return Made(rendered(folder, environment), *json.loads(said))


def seen(page: str) -> str:
    return " ".join(unescape(UNSEEN.sub(" ", page)).split())


def test_no_text_says_ten_where_the_smallest_group_is_twelve(twelve: Made) -> None:
    page, glossary = twelve.page, twelve.glossary
    text, data = seen(page), SCRIPT.sub("", page)
    for said in (text, data, glossary):
        said = said.replace("ten areas of life", "")  # the needs of OASys
        assert STATED.findall(said) == []
    method = text[text.rindex("How the figures are worked out") :]
    assert "a group of 12 cases or more with 12 or more outside it" in method
    assert "Under 24 cases read the counts; under 12 there is no bar" in method
    assert "90% Wilson intervals" in method
    assert "groups under 12 cases" in text
    assert "needs 12 cases on both sides" in text
    assert "90% interval" in text
    assert "| 90% interval |" in glossary
    assert "under 24 cases" in glossary


def test_the_page_script_reads_the_same_thresholds(twelve: Made) -> None:
    script = twelve.page.rpartition("const SETTINGS = ")[2]
    given, _ = json.JSONDecoder().raw_decode(script)
    assert given.pop("z") == pytest.approx(1.6448536)
    assert given == {
        "fewestForABar": 12,
        "fewestForAPercentage": 24,
        "mostListed": 6,
        "oneIn": 10,
        "confidence": "90%",
    }


def test_another_palette_leaves_no_other_colour(twelve: Made) -> None:
    lists = ([one] if isinstance(one, str) else one for one in recoloured().values())
    palette = {*chain.from_iterable(lists)}
    page = SCRIPT.sub("", twelve.page)  # Vega's has colours, which none is of
    assert twelve.many > 20
    for said in (page, twelve.specs, twelve.pictures, twelve.sheet):
        found = {one.upper() for one in HEX.findall(said)}
        assert found
        assert found - palette == set()
    named = re.findall(r'"(?:fill|stroke|color)": ?"(\w+)"', twelve.specs)
    assert not {"white", "black"} & set(named)


def test_colours_stand_in_the_settings_alone() -> None:
    files = [path for path in PACKAGE.rglob("*.*") if path.suffix in (".py", *WRITTEN)]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert {name for name, text in texts.items() if HEX.search(text)} == set()


def test_no_script_or_template_says_a_threshold() -> None:
    files = [path for path in PACKAGE.rglob("*.*") if path.suffix in WRITTEN[1:]]
    texts = {path.name: COMMENT.sub("", path.read_text(encoding="utf-8")) for path in files}
    assert {name: found for name, text in texts.items() if (found := NUMBER.findall(text))} == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "FEWEST_FOR_A_BRA = 12",
            "no setting 'FEWEST_FOR_A_BRA': did you mean 'FEWEST_FOR_A_BAR'?",
        ),
        ("FEWEST_FOR_A_BAR = '12'", "FEWEST_FOR_A_BAR takes a whole number above 0, such as 10;"),
        ("FEWEST_FOR_A_BAR = 0", "FEWEST_FOR_A_BAR takes a whole number above 0, such as 10;"),
        ("FEWEST_FOR_A_BAR = true", "FEWEST_FOR_A_BAR takes a whole number above 0, such as 10;"),
        ("HIDE_ALIKE_FOR_ALL = 1", "HIDE_ALIKE_FOR_ALL takes true or false, such as False;"),
        ("CONFIDENCE = 95.0", "CONFIDENCE takes a number between 0 and 1, such as 0.95;"),
        ("NAVY = 'blue;}'", "NAVY takes text, such as '#12436D';"),
        ("SEQUENTIAL = ['#111111']", "SEQUENTIAL takes as many values, such as ["),
        ("NAVY", "settings cannot be read from "),
    ],
)
def test_what_cannot_be_a_setting_is_refused_in_one_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "own.toml"
    monkeypatch.setenv(SETTINGS_SETTING, other(path, text)[SETTINGS_SETTING])
    with pytest.raises(KitError, match=re.escape(message)):  # what a command does with it: below
        settings._read()


@pytest.mark.parametrize(
    ("text", "code"),
    [("FEWEST_FOR_A_BRA = 12", UnknownName.exit_code), ("NAVY = 'blue;}'", KitError.exit_code)],
)
def test_a_command_says_so_without_a_traceback(tmp_path: Path, text: str, code: int) -> None:
    environment = other(tmp_path / "own.toml", text)
    ran = subprocess.run(
        [*HMIP, "check", "none.csv"], env=environment, capture_output=True, text=True, check=False
    )
    assert text.split()[0] in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.returncode == code


@pytest.mark.parametrize("given", ["own.toml", str(HERE / "none.toml")])
def test_a_file_that_is_not_there_is_refused(given: str) -> None:
    environment = os.environ | {SETTINGS_SETTING: given}
    ran = subprocess.run(
        [*HMIP, "check", "none.csv"], env=environment, capture_output=True, text=True, check=False
    )
    assert given in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_lower_number_lowers_no_protection(tmp_path: Path) -> None:
    environment = other(tmp_path / "own.toml", "FEWEST_IN_A_GROUP = 3\nFEWEST_PEOPLE = 1\n")
    says = "from hmip_kit import protect as p; print(p.FEWEST_CASES, p.FEWEST_COUNTED)"
    assert run(environment, sys.executable, "-c", says).split() == ["10", "5"]


def test_every_setting_has_its_name_in_python() -> None:
    if SETTINGS_SETTING in os.environ:
        pytest.skip("another file is in force")
    assert {name: getattr(settings, name) for name in KNOWN} == KNOWN
