"""Run the code of a page of the documentation as a reader would, from top to bottom.

Blocks of Python share their names and run in one folder, and so do blocks of the shell. A block
of text right below one is what it prints: "..." there stands for anything. The tests run every
page so, and the site is built with the pictures that come out.
"""

import ast
import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

FENCE = re.compile(r"(?ms)^```([a-z]+)\n(.*?)^```$")
NOT_RUN = ("text", "bat")  # what is printed, and Windows' shell, which is not here
PRINTS = re.compile(r"(?ms)\s*^```text\n(.*?)^```$")
OUTSIDE = "# outside the notebook"  # of a page that saves its Python as one
# What sets up the place that a page's commands run in, or stays open until it is closed: the tests
# run in such a place already, `make release` installs the kit anew, and tests/test_lab.py opens it.
SET_UP = re.compile(
    r"(make|git|cd|pip|python3? -m venv|\S*bin/pip|uvx|uv) |\S*hmip lab|java |sudo ", re.ASCII
)


@dataclass(frozen=True)
class Block:
    """One block: its language, its code, where on the page it ends, and what it is to print."""

    language: str
    code: str
    end: int
    line: int
    prints: str | None


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a page's `text` that are code."""
    for found in FENCE.finditer(text):
        language, code = found.groups()
        if language in NOT_RUN:
            continue
        shown = PRINTS.match(text, found.end())
        line = text[: found.start()].count("\n") + 1
        yield Block(language, code, found.end(), line, shown[1] if shown else None)


@dataclass
class Reader:
    """Someone who follows a page in a `folder` of their own."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)

    def run(self, block: Block) -> tuple[Any, str]:
        """Return what a `block` comes to (the value of its last line), and what it prints."""
        ways = {"python": self._python, "sh": self._shell}
        if block.language not in ways:
            raise ValueError(f"line {block.line}: blocks are {', '.join(ways)} or text")
        return ways[block.language](block)

    def _python(self, block: Block) -> tuple[Any, str]:
        if not block.code.startswith(OUTSIDE):
            self.cells.append(block.code.rstrip("\n"))
        tree = ast.parse(block.code)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        printed, value = io.StringIO(), None
        name = f"<line {block.line}>"
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(compile(tree, name, "exec"), self.names)  # noqa: S102  # a page of our own
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), name, "eval"), self.names)  # noqa: S307
        return value, printed.getvalue() + ("" if value is None else f"{value!r}\n")

    def _shell(self, block: Block) -> tuple[None, str]:
        lines = [line for line in block.code.splitlines() if not SET_UP.match(line)]
        code = "\n".join(lines).replace(".venv/bin/", "")
        for name in re.findall(r"\S+\.ipynb", code):
            self._save(self.folder / name)
        programs = Path(sys.executable).parent
        here = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        ran = subprocess.run(  # noqa: S603  # a page of our own
            ["/bin/sh", "-eu", "-c", code],
            cwd=self.folder,
            env=here,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            raise RuntimeError(f"line {block.line} ended with {ran.returncode}: {ran.stderr}")
        return None, ran.stdout

    def _save(self, notebook: Path) -> None:
        """Save the page's Python so far as a notebook, as its reader did in JupyterLab."""
        if not notebook.exists():
            made = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, self.cells)])
            nbformat.write(made, notebook)


def as_said(block: Block, printed: str) -> bool:
    """Return whether a `block` `printed` what the page says that it prints, if it says so."""
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return block.prints is None or doctest.OutputChecker().check_output(
        block.prints, printed, options
    )
