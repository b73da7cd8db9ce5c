"""A real Firefox, driven by WebDriver BiDi over its own socket: as much of it as the tests need."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from websocket import create_connection

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox") or ""
LISTENS = "WebDriver BiDi listening on "


class Firefox:
    """A Firefox without a window, with one page, and a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [PROGRAM, "--headless", "--no-remote", "--remote-debugging-port=0"]
            + ["--profile", str(folder)],
            env={**os.environ, "HOME": str(folder)},
            stderr=subprocess.PIPE,
            text=True,
        )
        told = (line for line in self.process.stderr or () if LISTENS in line)
        address = next(told).split(LISTENS)[1].strip()
        self.socket = create_connection(f"{address}/session", timeout=60, suppress_origin=True)
        self.asked = 0
        self.do("session.new", capabilities={})
        self.context = self.do("browsingContext.getTree")["contexts"][0]["context"]

    def do(self, method: str, **given: Any) -> Any:
        """Ask for a `method`, and return what came of it."""
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "method": method, "params": given}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.asked:
            pass  # an event
        assert answer["type"] == "success", answer
        return answer["result"]

    def open(self, address: str, width: int = 1366, height: int = 768) -> None:
        """Open an address in a window of a size."""
        size = {"width": width, "height": height}
        self.do("browsingContext.setViewport", context=self.context, viewport=size)
        self.do("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def ask(self, expression: str) -> Any:
        """Return what an expression of the page is worth."""
        found = self.do(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert found["type"] == "success", found
        return json.loads(found["result"].get("value", "null"))

    def wait(self, expression: str, seconds: float = 30) -> None:
        """Wait until an expression of the page is true."""
        end = time.monotonic() + seconds
        while not self.ask(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.05)

    def downloaded(self, pattern: str, seconds: float = 30) -> Path:
        """Return the file that a page gave, once it is whole."""
        end = time.monotonic() + seconds
        while not (found := [one for one in self.folder.rglob(pattern) if one.stat().st_size]):
            assert time.monotonic() < end, f"no {pattern} came"
            time.sleep(0.05)
        return found[0]

    def end(self) -> None:
        """Close it."""
        self.socket.close()
        self.process.kill()
        self.process.wait()
