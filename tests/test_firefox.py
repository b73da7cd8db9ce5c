"""The page in a real Firefox: parts, fragments, pictures, filters, download, and every width."""

from collections.abc import Iterator

import pytest
from firefox import PROGRAM, Firefox
from pages import PRACTICE, checked_all
from test_page_parts import TWO

from hmip_kit.page.exporter import html
from hmip_kit.workbook import write_whole

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM, reason="there is no Firefox: make test-all installs it"),
]
SIGHT = "[...document.querySelectorAll('.hmip-part')].filter(x => !x.hidden).map(x => x.id)"
DRAWN = "document.querySelectorAll('.hmip-drawn svg').length"
PICTURES = "document.querySelectorAll('.hmip-picture').length"
BOX = "document.querySelector('#practice-cases input[value=Licence]')"
TITLE = "document.querySelector('#practice-cases .hmip-title').textContent"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    return write_whole(path, html(checked_all(TWO)).encode()).as_uri()


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    started = Firefox(tmp_path_factory.mktemp("firefox"))
    yield started
    started.end()


def test_parts_open_filter_and_come_back(firefox: Firefox, address: str) -> None:
    firefox.open(address)
    firefox.wait(f"{DRAWN} === {PICTURES} && {PICTURES} > 2")
    assert firefox.ask(SIGHT) == ["00-start"]
    hidden = "document.getElementById('practice-cases').getAttribute('hidden')"
    assert firefox.ask(hidden) == "until-found"
    firefox.ask("(location.hash = 'practice-cases')")
    firefox.wait(f"{SIGHT}[0] === 'practice-cases'")
    firefox.ask(f"{BOX}.click()")
    firefox.wait(f"{TITLE}.includes('19 of 42')")
    status = firefox.ask("document.querySelector('.hmip-status').textContent")
    assert status.startswith("Made-up cases: showing 19 of 42 cases (sentence type: Licence)")
    firefox.ask("history.back()")
    firefox.wait(f"{TITLE}.includes('All 42')")
    assert not firefox.ask(f"{BOX}.checked")


@pytest.mark.parametrize("width", [320, 400, 900, 1366, 1920])
def test_nothing_is_wider_than_the_window(firefox: Firefox, address: str, width: int) -> None:
    for part in ("00-start", "practice-cases"):
        firefox.open(f"{address}#{part}", width)
        firefox.wait(f"{DRAWN} === {PICTURES}")
        assert firefox.ask("document.documentElement.scrollWidth") <= width
        cut = (
            "[...document.querySelectorAll('.hmip-part:not([hidden]) svg')]"
            ".filter(x => x.getBoundingClientRect().right > innerWidth).length"
        )
        assert firefox.ask(cut) == 0


def test_a_card_gives_its_numbers(firefox: Firefox, address: str) -> None:
    firefox.open(f"{address}#practice-cases")
    firefox.wait(f"{DRAWN} === {PICTURES}")
    firefox.ask(
        "[...document.querySelectorAll('#practice-cases .hmip-action')]"
        ".find(x => x.textContent === 'Download').click()"
    )
    given = firefox.downloaded("*.csv").read_text("utf-8-sig").splitlines()
    assert given[0].startswith("Title,Practice cases: ")
    assert len(given) == 6 + len(
        PRACTICE.framework.questions
    )  # what it is, in lines, then the rows
