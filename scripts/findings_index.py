"""Write what is registered of the findings: the index that `doors` reads, and a stub of `.show`.

Both stand in hmip_kit/findings/: index.json, and shown.pyi for editors and type checkers.
"""

import inspect
import json
from importlib import import_module
from pathlib import Path

import hmip_kit.findings
from hmip_kit.doors import SUBJECTS
from hmip_kit.findings import REGISTRY, Registered

FOLDER = Path(hmip_kit.findings.__file__).parent
HEAD = '''"""What `.show` has, for editors and type checkers: written by `make index`."""

import collections.abc
import pathlib

import hmip_kit.findings
import hmip_kit.inspection
import hmip_kit.sources.own
'''


def registered() -> dict[str, Registered]:
    """Return what is registered of each finding, in the order of the topics' names."""
    for path in sorted(FOLDER.glob("*.py")):
        import_module(f"hmip_kit.findings.{path.stem}".removesuffix(".__init__"))
    return dict(sorted(REGISTRY.items(), key=lambda item: item[1].function.__module__))


def index() -> str:
    """Return the index as it is to be written."""
    found = {
        name: {
            "topic": one.function.__module__.rpartition(".")[2],
            "question": one.question,
            "label": one.label,
            "needs": list(one.needs),
            "follows": one.follows,
            "shown_by": one.shown_by,
            "subjects": list(one.subjects),
        }
        for name, one in registered().items()
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def stub() -> str:
    """Return the stub as it is to be written: a class for each kind of subject."""
    classes = ["\n".join([f"class On{kind}:", *_methods(kind)]) for kind in SUBJECTS]
    return "\n\n".join([HEAD.rstrip(), *classes]) + "\n"


def _methods(kind: str) -> list[str]:
    found = {name: one for name, one in registered().items() if kind in one.subjects}
    words = {name: (one.function.__doc__ or "").splitlines()[0] for name, one in found.items()}
    return [
        f'    def {name}{_signature(one)}:\n        """{words[name]}"""'
        for name, one in found.items()
    ]


def _signature(one: Registered) -> str:
    signature = inspect.signature(one.function)
    first, *others = signature.parameters.values()
    return str(
        signature.replace(parameters=[first.replace(name="self", annotation=first.empty), *others])
    )


if __name__ == "__main__":
    (FOLDER / "index.json").write_text(index(), encoding="utf-8")
    (FOLDER / "shown.pyi").write_text(stub(), encoding="utf-8")
