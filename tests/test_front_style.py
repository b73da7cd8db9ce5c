"""The page's scripts and styles are read by people too: their layout, and the scope they share."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
FRONT = HOME / "hmip_kit" / "front"
SCRIPTS = sorted(FRONT.glob("*.js"))
BENCH = HOME / "bench" / "watch.js"
LONGEST_LINE = 100
LONGEST_EXPRESSION = 120
COMMENT = re.compile(r"(?:^|\s)//\s.*$")
BODY = re.compile(r"(?:\)|=>|\b(?:else|try|finally)) \{$")  # other braces hold an object
GLUED = re.compile(r"(?<=[(\[]) |,? (?=[)\]])| (?=\.\w)")
TOP = re.compile(r"^(?:async )?(?:function|const|let) (\w+)", re.MULTILINE)


def statements(script: str) -> Iterator[str]:
    """Yield each statement of a formatted script on one line, without the bodies inside it."""
    text, outer = "", [(-1, "")]
    for line in script.splitlines():
        words = COMMENT.sub("", line).strip()
        indent = len(line) - len(line.lstrip())
        closes = words.startswith("}") and indent == outer[-1][0]
        text = f"{outer.pop()[1] if closes else text} {words}".strip()
        if BODY.search(words):
            outer.append((indent, text))
            text = ""
        elif words.endswith(";") or (closes and words == "}"):
            yield GLUED.sub("", text)
            text = ""


def test_a_statement_is_read_without_the_bodies_inside_it() -> None:
    script = """
// Words.
function one(two) {
  const three = { four: 5 }; // more words
  two.forEach((six) => {
    seven(
      six,
      three,
    );
  });
}
"""
    assert list(statements(script)) == [
        "const three = { four: 5 };",
        "seven(six, three);",
        "two.forEach((six) => { });",
        "function one(two) { }",
    ]


@pytest.mark.parametrize("path", [*SCRIPTS, BENCH, *FRONT.glob("*.css")], ids=lambda one: one.name)
def test_lines_are_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("path", [*SCRIPTS, BENCH], ids=lambda one: one.name)
def test_expressions_are_short(path: Path) -> None:
    found = list(statements(path.read_text(encoding="utf-8")))
    assert found
    assert [one for one in found if len(one) > LONGEST_EXPRESSION] == []


@pytest.mark.parametrize("command", [("oxlint",), ("oxfmt", "--check")], ids=lambda one: one[0])
def test_scripts_and_styles_pass_the_linter_and_the_formatter(command: tuple[str, ...]) -> None:
    tool = shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert tool is not None, "not in this environment: make setup"
    whole = [tool, *command[1:], str(FRONT), str(BENCH)]
    ran = subprocess.run(whole, cwd=HOME, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_scripts_become_one_so_no_two_say_the_same_name() -> None:
    names = Counter(name for path in SCRIPTS for name in TOP.findall(path.read_text("utf-8")))
    assert [name for name, count in names.items() if count > 1] == ["viewOf"]  # one in each widget


def test_names_that_scripts_lend_each_other_are_there_and_borrowed() -> None:
    lent = set(json.loads((HOME / ".oxlintrc.json").read_text("utf-8"))["globals"])
    texts = [path.read_text(encoding="utf-8") for path in SCRIPTS]
    for name in lent - {"vegaEmbed", "SENTENCES", "SETTINGS"}:  # of Vega, and of `front.stated`
        homes = [text for text in texts if name in TOP.findall(text)]
        assert len(homes) == 1, name
        assert any(re.search(rf"\b{name}\b", text) for text in texts if text not in homes), name
