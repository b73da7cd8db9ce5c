"""Print what pytest is given to run the tests of one room: `make test ROOM=findings`.

python scripts/rooms.py ROOM
"""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WHOLE = "whole"  # of no room: left to `make test`


def rooms() -> dict[str, list[str]]:
    """Return the tests of each room, as pyproject.toml lists them."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return dict(stated["tool"]["hmip_kit"]["rooms"])


def paths(room: str) -> list[str]:
    """Return the paths of a `room`: its tests, and the room itself for its examples."""
    known = rooms()
    if room not in known or room == WHOLE:
        sys.exit(f"{room!r} is no room; there are: {', '.join(sorted({*known} - {WHOLE}))}")
    return [*(f"tests/test_{name}.py" for name in known[room]), f"hmip_kit/{room}"]


if __name__ == "__main__":
    print(*paths(sys.argv[1]))  # noqa: T201
