"""Write the reference pages of the documentation site: from docstrings, registry, schema, settings.

Nothing of them is kept: `make docs` writes them into docs/made/ before it builds the site.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path

import click
from findings_index import registered

import hmip_kit
from hmip_kit import settings
from hmip_kit.cli import hmip
from hmip_kit.doors import SUBJECTS
from hmip_kit.schema import CASES, NEED_FLAGS, NEEDS
from hmip_kit.sources.bundled import folders, framework_named
from hmip_kit.sources.own import FRAMEWORK

METHODS = ("where", "against", "second_auditor", "regroup", "explore")


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", *parts]) + "\n"


def _table(heads: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> str:
    cells = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(one) for one in row)} |" for row in cells)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _described(path: str, *options: str) -> str:
    kind = "autoclass" if path[path.rindex(".") + 1].isupper() else "autofunction"
    return "\n".join(["```{eval-rst}", f".. {kind}:: {path}", *options, "```"])


def python() -> str:
    """Return the page of what is public in Python, by its docstrings."""
    public = {name: getattr(hmip_kit, name) for name in hmip_kit.__all__}
    home = {name: one.__module__ for name, one in public.items() if callable(one)}
    members = {"Inspection": (f"   :members: {', '.join(METHODS)}",)}
    made = [_described(f"{home[name]}.{name}", *members.get(name, ())) for name in home]
    stats = [_described(f"hmip_kit.stats.{name}") for name in hmip_kit.stats.__all__]
    return _page(
        "Python",
        "`import hmip_kit as hk` gives the names below as `hk.NAME`. The Tab key lists them in "
        "JupyterLab, and Shift-Tab says what each takes and gives.",
        *made,
        "## Arithmetic that needs no inspection",
        "As `hk.stats.NAME`.",
        *stats,
    )


def findings() -> str:
    """Return the page of all findings: what each answers, needs and may be shown by."""
    parts = []
    for name, one in registered().items():
        asked = " or ".join(f"`{SUBJECTS[kind].format(name)}`" for kind in one.subjects)
        facts = [
            f"- Asked as {asked}",
            f"- Needs {', '.join(one.needs) or 'nothing'}",
            f"- {'Follows' if one.follows else 'Does not follow'} filters",
            f"- Of own cases it may be shown by: {one.shown_by}",
        ]
        module = inspect.unwrap(one.function).__module__
        parts += [f"## {name}", one.question, "\n".join(facts), _described(f"{module}.{name}")]
    head = "Written from the registry of findings: `hk.catalogue()` gives the same as a table."
    return _page("Findings", head, *parts)


def commands() -> str:
    """Return the page of the commands, each as its `--help` says it."""
    context = click.Context(hmip, info_name="hmip")
    parts = []
    for name in hmip.list_commands(context):
        command = hmip.get_command(context, name)
        if command is not None:
            said = command.get_help(click.Context(command, info_name=name, parent=context))
            parts += [f"## hmip {name}", f"```text\n{said}\n```"]
    return _page("Commands", "What `hmip COMMAND --help` says.", *parts)


def case_file() -> str:
    """Return the page of the columns of a case file, and of the questions it may answer."""
    framework = framework_named(FRAMEWORK)
    columns = (
        (f"`{one.name}`", one.meaning, "; ".join(one.allowed), "yes" if one.filter else "")
        for one in CASES
    )
    questions = ((f"`{one.id}`", one.wording) for one in framework.questions)
    return _page(
        "The columns of a case file",
        "`hmip template audit.xlsx` writes a workbook with these. Headings and values are also "
        "known as people write them, and each time it is said.",
        "## Cases",
        _table(("column", "meaning", "values", "filters"), columns),
        f"## Questions of {framework.title}",
        "Answered Yes, No or Not applicable. `hmip template --framework` names another regime.",
        _table(("question", "wording"), questions),
        "## Needs",
        f"A row a case and need. Needs: {', '.join(NEEDS)}.",
        f"Of each: {', '.join(f'`{one}`' for one in NEED_FLAGS)}.",
        "## What comes with the kit",
        f"`hk.load` knows by name: {', '.join(f'`{one}`' for one in folders())}.",
    )


def thresholds() -> str:
    """Return the page of the settings, as the file says them."""
    text = Path(settings.__file__).with_name("settings.toml").read_text("utf-8")
    return _page(
        "Settings",
        "Every threshold and colour, once. A file of this form with other values for some of "
        "them, named by its whole path in the environment variable `HMIP_SETTINGS`, takes their "
        "place.",
        f"```toml\n{text}```",
    )


PAGES = {
    "python": python,
    "findings": findings,
    "commands": commands,
    "case-file": case_file,
    "settings": thresholds,
}


def write(folder: Path) -> None:
    """Write every page into a `folder`; one that says what it said is left as it is."""
    folder.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        path, text = folder / f"{name}.md", page()
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
