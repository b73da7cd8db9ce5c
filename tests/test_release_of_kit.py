"""A release of the kit: version and date agree wherever they stand, before anything is built."""

from pathlib import Path

import pytest
import release
from click.testing import CliRunner

import hmip_kit
from hmip_kit.cli import hmip

CHANGELOG = "# Changelog\n\n## 1.2.0 (2027-01-31)\n\n- More.\n\n## 1.1.0 (2026-12-01)\n"
CITATION = "cff-version: 1.2.0\nversion: 1.2.0\ndate-released: 2027-01-31\n"


@pytest.mark.parametrize(
    ("version", "changelog", "citation", "said"),
    [
        ("1.2.0", CHANGELOG, CITATION, []),
        ("1.2.1", CHANGELOG, CITATION, ["hmip_kit/__init__.py says 1.2.1"]),
        ("1.2.0", CHANGELOG, CITATION.replace("01-31", "02-01"), ["CITATION.cff says 1.2.0 of"]),
        ("1.2.0", CHANGELOG, "cff-version: 1.2.0\n", ["CITATION.cff says nothing of nothing"]),
        ("1.2.0", f"## Unreleased\n{CHANGELOG}", CITATION, ["CHANGELOG.md begins with"]),
    ],
)
def test_version_and_date_agree(
    tmp_path: Path, version: str, changelog: str, citation: str, said: list[str]
) -> None:
    (tmp_path / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    (tmp_path / "CITATION.cff").write_text(citation, encoding="utf-8")
    found = release.disagreements(tmp_path, version)
    assert len(found) == len(said)
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True))


def test_versions_of_the_lock_constrain_without_their_hashes() -> None:
    lock = 'one==1.0 ; os_name == "nt" \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\ntwo==2\n'
    assert release.constraints(lock) == 'one==1.0 ; os_name == "nt"\ntwo==2\n'
    stored = release.constraints((release.ROOT / "requirements.lock").read_text("utf-8"))
    assert "pandas==" in stored and "--hash" not in stored


def test_the_command_by_itself_says_what_to_do_first() -> None:
    shown = CliRunner().invoke(hmip, [])
    assert shown.exit_code == 0
    commands = [line.split()[1] for line in shown.stdout.splitlines() if line.startswith("  hmip ")]
    assert commands == ["lab", "render", "template"]
    told = CliRunner().invoke(hmip, ["--version"]).stdout
    assert told == f"hmip, version {hmip_kit.__version__}\n"
