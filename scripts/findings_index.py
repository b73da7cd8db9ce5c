"""Write hmip_kit/findings/index.json: what is registered of each finding, for `doors` to read."""

import json
from importlib import import_module
from pathlib import Path

import hmip_kit.findings
from hmip_kit.findings import REGISTRY

FOLDER = Path(hmip_kit.findings.__file__).parent


def index() -> str:
    """Return the index as it is to be written, in the order of the topics' names."""
    for path in sorted(FOLDER.glob("*.py")):
        import_module(f"hmip_kit.findings.{path.stem}".removesuffix(".__init__"))
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
        for name, one in sorted(REGISTRY.items(), key=lambda item: item[1].function.__module__)
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (FOLDER / "index.json").write_text(index(), encoding="utf-8")
