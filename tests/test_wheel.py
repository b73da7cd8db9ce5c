"""A wheel built from the clone works alone, away from it, and holds its data and notebooks."""

import os
import site
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

HOME = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from the clone."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(HOME),
    ]
    subprocess.run(command, check=True, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that holds the wheel alone.

    What the wheel depends on is lent to it from here.
    """
    folder = tmp_path_factory.mktemp("alone") / "environment"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    binary = folder / ("Scripts" if os.name == "nt" else "bin")
    installed = Path(
        subprocess.check_output(
            [binary / "python", "-c", "import site; print(site.getsitepackages()[0])"], text=True
        ).strip()
    )
    with ZipFile(wheel) as archive:
        archive.extractall(installed)
    # appended without `site.addsitedir`, so that the pointer to the clone in there is not followed
    (installed / "lent.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return binary / "python"


def run(python: Path, folder: Path, *arguments: str) -> str:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "JUPYTER"))
    }
    return subprocess.run(
        [python, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_results_print_away_from_the_clone(python: Path, tmp_path: Path) -> None:
    assert str(HOME) not in run(python, tmp_path, "-c", "import hmip_kit; print(hmip_kit.__file__)")
    printed = run(
        python,
        tmp_path,
        "-c",
        "import hmip_kit as hk; print(hk.load('lewisham-bromley-2022').show.results().rows)",
    )
    assert "assessment_engagement" in printed
    assert len([line for line in printed.splitlines() if line[:1].isdigit()]) >= 13


def test_lab_copies_the_notebooks_and_starts_jupyterlab(python: Path, tmp_path: Path) -> None:
    printed = run(
        python, tmp_path, "-m", "hmip_kit", "lab", "mine", "--version"
    )  # JupyterLab says its version and ends
    assert printed.splitlines()[-1].startswith("4.")
    assert "00_start_here.ipynb" in {path.name for path in (tmp_path / "mine").iterdir()}


def test_everything_that_git_keeps_of_the_kit_is_in_the_wheel(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "hmip_kit", "data", "notebooks"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git clone")
    kept = {
        name if name.startswith("hmip_kit/") else f"hmip_kit/{name}"
        for name in listed.stdout.splitlines()
        if (HOME / name).exists()
    }
    with ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    assert kept <= inside
    assert {"LICENSE", "LICENSE-DATA.md"} <= {Path(name).name for name in inside}
    assert any(name.endswith("jupyter_server_config.d/hmip_kit.json") for name in inside)
    assert not any(name.startswith(("tests/", "bench/", "scripts/")) for name in inside)
