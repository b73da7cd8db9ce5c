"""What tests share: the level for sharing, a real Chromium, a real JupyterLab offline."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from hmip_kit.cli.pages import lab_environment, lab_options
from hmip_kit.page.twins import CHROMIUM
from hmip_kit.settings import RENDER_SETTING

settings.register_profile("kit", deadline=None)  # a busy machine is slow, which is no failure
settings.load_profile("kit")
collect_ignore_glob = [
    "own/make_*.py",
    "reports/make_*.py",
]  # scripts that made the fixtures, with programs that the tests do not need
LONGEST = (
    *("attack", "pages_of_notebooks", "docs", "lab_start", "render", "lab", "saved_lab"),
    *(
        "settings",
        "page",
        "release_command",
        "disclosure",
        "hidden",
        "saved",
        "releases",
        "page_script",
    ),
    *("hidden", "store_notebooks", "render_refuses", "own_files", "panel", "wheel", "own_template"),
    "completion",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files first that take longest, so that no process ends long before the other."""
    place = {f"test_{name}.py": position for position, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture
def sharing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show what a page for sharing shows."""
    monkeypatch.setenv(RENDER_SETTING, "sharing")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a headless Chromium; `make test` sees to it that there is one."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert path is not None, "no Chromium: `make test` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page that keeps what went wrong on it.

    That is console messages, errors, and requests that left this machine.
    """

    page: Page
    wrong: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Begin to note what happens."""
        self.page.on("console", lambda said: self.wrong.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", lambda request: self.requests.append(request.url))


@pytest.fixture
def offline(chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Return a way to open a file or text as a page with the network off."""
    with ExitStack() as open_here:
        yield lambda *how, **more: open_here.enter_context(opened_offline(chromium, *how, **more))


@pytest.fixture(scope="module")
def module_offline(chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Return such a way for a page that the tests of a module share."""
    with ExitStack() as open_here:
        yield lambda *how, **more: open_here.enter_context(opened_offline(chromium, *how, **more))


@contextmanager
def opened_offline(
    chromium: Browser, address: str, width: int = 1280, script: bool = True
) -> Iterator[Watched]:
    """Open a page with the network off."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, offline=True, java_script_enabled=script
    )
    watched = Watched(context.new_page())
    watched.watch()
    watched.page.goto(address)
    if script:
        expect(watched.page.locator(".hmip-picture:not(.hmip-live)")).to_have_count(0)
    yield watched
    context.close()


@dataclass
class Lab:
    """A running JupyterLab: its address and its folder of notebooks."""

    address: str
    folder: Path

    def notebook(self, name: str) -> str:
        """Return the address of a notebook."""
        return f"{self.address}/lab/tree/{name}?reset"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Return JupyterLab on copies of the notebooks, started as `hmip lab` starts it."""
    folder = tmp_path_factory.mktemp("lab")
    notebooks = Path(__file__).resolve().parent.parent / "notebooks"
    for path in notebooks.glob("*.ipynb"):
        shutil.copyfile(path, folder / path.name)
    with running_lab(folder) as started:
        yield started


@pytest.fixture
def another_lab(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., tuple[Lab, Watched]]]:
    """Return a way to start a JupyterLab with options of its own, and a page that reaches it."""
    with ExitStack() as open_here:

        def started(*options: str) -> tuple[Lab, Watched]:
            folder = tmp_path_factory.mktemp("lab")
            one = open_here.enter_context(running_lab(folder, *options))
            return one, open_here.enter_context(watched_lab(chromium, one))

        yield started


@contextmanager
def running_lab(folder: Path, *more: str) -> Iterator[Lab]:
    """Run JupyterLab on a folder."""
    port = _free_port()
    options = [
        *lab_options(folder),
        "--no-browser",
        f"--port={port}",
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",
        *more,
    ]
    environment = lab_environment() | {
        "JUPYTER_CONFIG_DIR": str(folder / ".config"),
        "JUPYTER_DATA_DIR": str(folder / ".data"),
    }
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], stdout=log, stderr=log, env=environment
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/api/status")
            yield Lab(address, folder)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(f"nothing answers at {address}")


@pytest.fixture
def lab_page(chromium: Browser, lab: Lab) -> Iterator[Watched]:
    """Return a page in a browser that reaches this machine's JupyterLab and nothing else."""
    with watched_lab(chromium, lab) as watched:
        yield watched


@contextmanager
def watched_lab(chromium: Browser, lab: Lab) -> Iterator[Watched]:
    """Open a page that reaches this machine's JupyterLab and nothing else."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1200})
    context.route(
        "**/*",
        lambda route: (
            route.continue_()
            if route.request.url.startswith((lab.address, "data:", "blob:"))
            else route.abort()
        ),
    )
    watched = Watched(context.new_page())
    watched.watch()
    # A JupyterLab that is asked to run before its kernel is there asks back, and gets the kernel
    # that it offers.
    watched.page.add_locator_handler(
        watched.page.locator("dialog").get_by_role("button", name="Select", exact=True),
        Locator.click,
    )
    yield watched
    context.close()


@pytest.fixture(scope="module")
def module_lab_page(chromium: Browser, lab: Lab) -> Iterator[Watched]:
    """Return such a page that the tests of a module share."""
    with watched_lab(chromium, lab) as watched:
        yield watched
