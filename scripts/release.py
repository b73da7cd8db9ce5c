"""Make a release in dist/, all but its upload: `make release`.

Version and date must agree wherever they stand, and everything must be committed. The source
archive is made from the clone and the wheel from the source archive. Each is then installed alone
in an empty environment outside the clone, in the versions of the lock file: with the wheel a
newcomer's commands are run, and with the source archive the tests that it ships.

python scripts/release.py [what pytest is given, in place of all tests]
"""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

import hmip_kit

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
SMOKE = (
    ("hmip", "--version"),
    ("hmip",),
    ("hmip", "template", "audit.xlsx"),
    ("hmip", "new", "my-audit"),
    ("hmip", "plan", "plan.html"),
    ("hmip", "render", "--out", "rendered"),
    ("python", "-c", "import hmip_kit as hk; print(hk.load('practice-cases').show.needs().title)"),
)
DATED = r"(\S+) \((\d{4}-\d{2}-\d{2})\)"


def disagreements(root: Path, version: str) -> list[str]:
    """Return where changelog and citation under `root` say other than the kit's `version`."""
    heads = re.findall(r"(?m)^## (.*)$", (root / "CHANGELOG.md").read_text("utf-8"))
    head = re.fullmatch(DATED, heads[0])
    if head is None:
        return [f"CHANGELOG.md begins with {heads[0]!r}, which is no version with its date"]
    cited = (root / "CITATION.cff").read_text("utf-8")
    stated = {
        "hmip_kit/__init__.py": (version, head[2]),
        "CITATION.cff": tuple(
            (re.findall(rf"(?m)^{key}: (\S+)$", cited) or ["nothing"])[0]
            for key in ("version", "date-released")
        ),
    }
    return [
        f"{name} says {' of '.join(found)}, CHANGELOG.md {head[1]} of {head[2]}"
        for name, found in stated.items()
        if found != (head[1], head[2])
    ]


def constraints(lock: str) -> str:
    """Return the versions of a `lock` file without their hashes, a line each."""
    return "".join(f"{one}\n" for one in re.findall(r"(?m)^(\S+==[^\\\n]*?) *\\?$", lock))


def _run(*command: object, folder: Path) -> str:
    """Run a command away from the clone: nothing of it is found by accident."""
    kept = {key: said for key, said in os.environ.items() if not key.startswith(("PYTHON", "JUP"))}
    words = [str(one) for one in command]
    print("$", *words, flush=True)  # noqa: T201
    ran = subprocess.run(words, cwd=folder, env=kept, stdout=subprocess.PIPE, text=True)  # noqa: S603
    if ran.returncode:
        sys.exit(f"{ran.stdout}{words[0]} ended with {ran.returncode}: no release")
    return ran.stdout


def built(folder: Path) -> tuple[Path, Path, Path]:
    """Return the wheel, the source archive and what that unpacks to in `folder`."""
    hatch = (sys.executable, "-m", "hatchling", "build", "-d", DIST)
    for old in DIST.glob("*"):
        old.unlink()
    _run(*hatch, "-t", "sdist", folder=ROOT)
    [archive] = DIST.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    unpacked = folder / archive.name.removesuffix(".tar.gz")
    _run(*hatch, "-t", "wheel", folder=unpacked)
    [wheel] = DIST.glob("*.whl")
    return wheel, archive, unpacked


def installed(what: str, folder: Path) -> Path:
    """Return where the programs are of an empty environment in `folder` that has `what` alone."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    versions = folder / "versions.txt"
    versions.write_text(constraints((ROOT / "requirements.lock").read_text("utf-8")), "utf-8")
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    _run(*pip, "-c", versions, what, folder=folder)
    return programs


def main() -> None:
    """Do all but upload, and print what there is then."""
    wrong = disagreements(ROOT, hmip_kit.__version__)
    if changed := _run("git", "status", "--porcelain", folder=ROOT):
        wrong.append(f"not committed:\n{changed}")
    if wrong:
        sys.exit("\n".join(wrong))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel, archive, unpacked = built(folder)
        programs = installed(str(wheel), folder / "of-wheel")
        (folder / "newcomer").mkdir()
        for program, *given in SMOKE:
            sys.stdout.write(_run(programs / program, *given, folder=folder / "newcomer"))
        programs = installed(f"{archive}[dev,engine,reports]", folder / "of-archive")
        # pytest itself, not `python -m pytest`: what is imported is the kit that was installed
        tests = sys.argv[1:] or ["-n", "auto", "--dist", "loadfile", "tests"]
        sys.stdout.write(_run(programs / "pytest", "-q", *tests, folder=unpacked))
    for path in (wheel, archive):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes  sha256 {digest}")  # noqa: T201
    print("Not uploaded. Tag the commit, and upload both.")  # noqa: T201


if __name__ == "__main__":
    main()
