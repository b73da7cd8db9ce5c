"""Mappings that a person confirmed for a case file: they stand beside it, in NAME.mapping.toml.

A table `headings` says which heading is which column or question; a table with the name of a column
says which of its texts is which value.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hmip_kit.sources.own.headings import Vocabulary
from hmip_kit.sources.own.identifiers import shown
from hmip_kit.sources.own.values import DECLARED, MAY_HOLD
from hmip_kit.sources.problems import Place, Report, stated_in
from hmip_kit.sources.wording import key, tidy
from hmip_kit.stats.words import plural

HEADINGS = "headings"


def mapping_file(path: Path) -> Path:
    """Return where the mappings stand that are confirmed for the file or folder at `path`.

    >>> mapping_file(Path("audits/march.xlsx")).name
    'march.mapping.toml'
    """
    return path.with_name(f"{path.stem}.mapping.toml")


def with_confirmed(path: Path, known: Vocabulary, report: Report) -> Vocabulary:
    """Return what is `known` of headings, with those that are confirmed for the file at `path`.

    The `report` keeps the values that are, and is told what cannot be meant.
    """
    file, place = mapping_file(path), Place(mapping_file(path).name)
    if not file.is_file():
        return known
    told = stated_in(file)
    columns, questions = dict(known.columns), dict(known.questions)
    pairs = [
        (section, tidy(given), meant)
        for section, taken in told.items()
        for given, meant in (taken.items() if isinstance(taken, dict) else [("", taken)])
    ]
    for section, given, meant in pairs:
        if section == HEADINGS and meant in DECLARED:
            columns[key(given)] = meant
        elif section == HEADINGS and meant in known.questions.values():
            questions[key(given)] = meant
        elif meant in MAY_HOLD.get(section, ()) or (meant == "" and MAY_HOLD.get(section)):
            report.confirmed.setdefault(section, {})[given] = meant
        else:
            report.problem(place, f"{section}: {shown(given)} cannot be {meant!r}")
    report.mapped(place, "confirmed", plural(len(pairs), "mapping"), "used again", len(pairs))
    return replace(known, columns=columns, questions=questions)


def as_toml(taken: Mapping[str, Mapping[str, str]]) -> str:
    r"""Return as TOML what was `taken` as what, by column: texts with signs stay as they are.

    >>> as_toml({"sex": {"M": "Male"}})
    '[sex]\n"M" = "Male"\n'
    """
    lines = [
        line
        for name, pairs in taken.items()
        for line in (f"[{name}]", *(f"{_quoted(a)} = {_quoted(b)}" for a, b in pairs.items()))
    ]
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
