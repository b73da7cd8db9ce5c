"""The order of the house: who may import whom, what importing loads, and what no file may hold."""

import ast
import inspect
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house
import pytest
import rooms
from findings_index import registered

import hmip_kit
from hmip_kit import doors
from hmip_kit.page.scan import PATH

HOME = Path(__file__).resolve().parents[1]
PACKAGE = HOME / "hmip_kit"
ROOMS = (  # from left to right: a module imports from its own room and from those to its left
    ("errors",),
    ("settings", "schema"),
    ("framework", "filters", "doors", "workbook", "front"),
    ("stats",),
    ("cases",),
    ("inspection",),
    ("collection",),
    ("sources",),
    ("counts",),
    ("engine",),
    ("picture",),
    ("findings",),
    ("protect",),
    ("panel", "page"),
    ("cli",),
    ("__main__",),
)
PLACE = {room: place for place, rooms in enumerate(ROOMS) for room in rooms}
HEAVY = (
    "altair",
    "ipywidgets",
    "anywidget",
    "statsmodels",
    "scipy",
    "nbconvert",
    "jupyterlab",
    "pyarrow.parquet",
    "vl_convert",
    "bs4",
    "pypdf",
)
TEXT = {
    *(".py", ".md", ".toml", ".lock", ".csv", ".js", ".css", ".html", ".json", ".ipynb"),
    *(".cfg", ".yml", ""),
}
METHODS = ("where", "against", "second_auditor", "regroup", "explore")


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path != PACKAGE / "__init__.py":
            yield path, path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """Yield each module that a file imports, also inside functions; types alone do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        inside
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inside in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "hmip_kit":
            yield from (f"hmip_kit.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def kept_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=HOME, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git clone")
    return [HOME / name for name in listed.stdout.split("\0") if name and (HOME / name).is_file()]


def test_every_test_is_of_one_room_or_of_the_whole() -> None:
    listed = [name for names in rooms.rooms().values() for name in names]
    there = [path.stem.removeprefix("test_") for path in (HOME / "tests").glob("test_*.py")]
    assert sorted(listed) == sorted(there)
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {*rooms.rooms()} == {*folders, rooms.WHOLE}


def test_every_module_has_its_place() -> None:
    assert {room for _, room in modules()} <= set(PLACE)


def test_a_module_imports_only_from_its_left() -> None:
    wrong = []
    for path, room in modules():
        for name in imported(path):
            other = name.split(".")[1] if name.startswith("hmip_kit.") else None
            if other in PLACE and PLACE[other] > PLACE[room]:
                wrong.append(f"{path.relative_to(HOME)} imports {name}")
    assert wrong == []


def test_the_figures_of_the_house_are_within_their_limits() -> None:
    figures = house.figures()
    over = {name: found for name, found in figures.items() if len(found) > house.LIMITS[name]}
    assert over == {}


def test_pictures_are_drawn_and_widgets_made_in_their_rooms_alone() -> None:
    for path, room in modules():
        roots = {name.split(".")[0] for name in imported(path)}
        if room not in ("findings", "picture"):
            assert "altair" not in roots, path
        if room != "panel":
            assert not roots & {"ipywidgets", "anywidget"}, path


def test_altair_is_imported_inside_drawing_alone() -> None:
    for path, room in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        at_the_top = {
            alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names
        }
        assert "altair" not in at_the_top, path
        for function in house.functions(tree):
            draws = any(
                isinstance(node, ast.Import) and node.names[0].name == "altair"
                for node in ast.walk(function)
            )
            drawing = room == "picture" or function.name.lstrip("_").startswith("draw")
            assert drawing or not draws, f"{path.name}: {function.name}"


def test_no_finding_asks_what_cases_are() -> None:
    """What cases are is decided in `inspection`: findings declare what they need."""
    asked = {room for path, room in modules() if ".cases_are" in path.read_text("utf-8")}
    assert asked <= {"inspection", "collection", "sources", "protect"}, asked


@pytest.mark.parametrize(
    "does",
    ["import hmip_kit", "import hmip_kit as hk; hk.load('practice-cases').where(sex='Female')"],
)
def test_importing_and_loading_are_light(does: str) -> None:
    code = f"import sys\n{does}\nimport json; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(HEAVY) & set(json.loads(ran.stdout)) == set()


def test_importing_the_kit_loads_nothing_that_takes_long() -> None:
    code = "import sys; import hmip_kit; print(sorted({'pandas', 'numpy'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_importing_changes_nothing() -> None:
    before = "import altair as alt; before = (alt.renderers.active, alt.theme.active)"
    imports = "import hmip_kit, hmip_kit.findings, hmip_kit.picture"
    check = f"{before}; {imports}\nassert (alt.renderers.active, alt.theme.active) == before"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_every_public_name_is_there() -> None:
    assert set(hmip_kit.__all__) == set(doors.HOMES)
    assert len(hmip_kit.__all__) <= 12
    for name in hmip_kit.__all__:
        assert getattr(hmip_kit, name) is not None
    with pytest.raises(AttributeError, match="did you mean 'setup'"):
        _ = hmip_kit.setups


PUBLIC: dict[str, Any] = {
    **{
        f"hk.{name}": getattr(hmip_kit, name)
        for name in hmip_kit.__all__
        if callable(getattr(hmip_kit, name))
    },
    **{f"hk.stats.{name}": getattr(hmip_kit.stats, name) for name in hmip_kit.stats.__all__},
    **{name: one.function for name, one in registered().items()},
    **{f"Inspection.{name}": getattr(hmip_kit.Inspection, name) for name in METHODS},
}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_docstrings_are_in_numpy_form(name: str) -> None:
    """Parameters with every one named, Returns, and Examples that run as doctests."""
    thing = PUBLIC[name]
    said = inspect.getdoc(thing) or ""
    signature = inspect.signature(thing)
    given = [one for one in signature.parameters if one not in ("self", "more")]
    sections = re.findall(r"(?m)^([A-Z][a-z]+)\n-+$", said)
    assert ">>> " in said
    assert sections == [
        one for one in ("Parameters", "Returns", "Raises", "Notes", "Examples") if one in sections
    ]
    assert "Examples" in sections
    assert not given or "Parameters" in sections
    for one in given:
        assert re.search(rf"(?m)^(?:.*, )?\*{{0,2}}{one}(?:,.*)?(?: : .*)?$", said), one
    returned = signature.return_annotation
    if not isinstance(thing, type) and returned not in (None, "None"):
        assert "Returns" in sections


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "data/README.md", "LICENSE-DATA.md"]
)
def test_what_a_page_points_at_is_there(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", (HOME / page).read_text(encoding="utf-8"))
    missing = [target for target in targets if not ((HOME / page).parent / target).exists()]
    assert missing == []


def test_the_screenshot_is_small() -> None:
    picture = (HOME / "docs" / "at-a-glance.png").read_bytes()
    assert picture[:4] == b"\x89PNG"
    assert len(picture) < 300_000


def test_there_is_one_version_number() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" in project["dynamic"]
    assert "version" not in project
    written = re.compile(r"(?m)^\s*(?:__version__|version)\s*=\s*[\"']\d")
    holders = [
        path
        for path in kept_files()
        if path.suffix in {".py", ".toml"} and written.search(path.read_text(encoding="utf-8"))
    ]
    assert holders == [PACKAGE / "__init__.py"]


def test_no_file_holds_a_path_of_a_machine_or_an_address_of_an_index() -> None:
    hosts = "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("anaconda", "org"),
        )
    )
    address = re.compile(rf"{hosts}|--(?:extra-)?index-url")
    places = [str(HOME), str(Path.home())]
    found = []
    for path in kept_files():
        text = path.read_text(encoding="utf-8", errors="replace") if path.suffix in TEXT else ""
        found += [path.name for place in places if place != "/" and f"{place}/" in text]
        found += [path.name] if address.search(text) and path != Path(__file__).resolve() else []
    assert found == []


def test_stored_notebooks_are_small_and_show_what_they_say() -> None:
    notebooks = {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in (HOME / "notebooks").glob("*.ipynb")
    }
    assert {
        name: len(json.dumps(one))
        for name, one in notebooks.items()
        if len(json.dumps(one)) >= 600_000
    } == {}
    for name, one in notebooks.items():
        outputs = [output for cell in one["cells"] for output in cell.get("outputs", [])]
        assert any("image/png" in output.get("data", {}) for output in outputs), name
        assert not any(output["output_type"] == "error" for output in outputs), name
        assert "widgets" not in one["metadata"], name


def test_stored_notebooks_hold_nothing_of_the_machine_they_ran_on() -> None:
    for path in HOME.glob("notebooks/*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        pictures = re.compile(r'"image/png": "[^"]*"')
        assert not PATH.search(pictures.sub("", json.dumps(notebook["cells"]))), path.name
        assert "widgets" not in notebook["metadata"], path.name
        assert not any("execution" in cell["metadata"] for cell in notebook["cells"]), path.name


def test_locked_packages_all_have_hashes() -> None:
    for path in HOME.glob("*.lock"):
        blocks = re.split(r"(?m)^(?=\S)", path.read_text(encoding="utf-8"))
        named = [block for block in blocks if block.strip()]
        assert named
        assert all(
            re.match(r"[\w.-]+==\S+", block) and "--hash=sha256:" in block for block in named
        )
