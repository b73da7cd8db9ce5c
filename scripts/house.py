"""Print the figures of the house, and fail where one is over its limit.

python scripts/house.py [--hops]
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "hmip_kit"
LIMITS = {
    "modules": 117,
    "statements": 10078,
    "circles": 0,
    "functions over 40 lines": 0,
    "files over 400 lines": 0,
    "lines over 100 characters": 0,
    "names in two modules": 0,
    "parameters not named in their docstring": 0,
}
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_LINE = 40, 400, 100
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of every module of the package, by its dotted name."""
    paths = {path: path.relative_to(ROOT).with_suffix("") for path in PACKAGE.rglob("*.py")}
    names = {path: ".".join(name.parts).removesuffix(".__init__") for path, name in paths.items()}
    return {name: ast.parse(path.read_text("utf-8")) for path, name in sorted(names.items())}


def is_docstring(node: ast.stmt) -> bool:
    """Return whether a statement is text alone."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def statements(tree: ast.Module) -> int:
    """Return how many statements there are beside docstrings and imports."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.stmt))
    return sum(
        not isinstance(node, ast.Import | ast.ImportFrom) and not is_docstring(node)
        for node in found
    )


def imports(name: str, trees: dict[str, ast.Module]) -> set[str]:
    """Return which modules a module imports, inside functions too; types alone do not count."""
    tree = trees[name]
    for_types = {
        inside
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inside in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in for_types:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import) and node not in for_types:
            found |= {alias.name for alias in node.names}
    return {home for one in found if (home := _home(one, trees)) and home != name}


def _home(name: str, trees: dict[str, ast.Module]) -> str:
    while name and name not in trees:
        name = name.rpartition(".")[0]
    return name


def circles(trees: dict[str, ast.Module]) -> list[list[str]]:
    """Return modules that import each other, by way of others too."""
    after: dict[str, set[str]] = {}

    def reached(name: str) -> set[str]:
        seen: set[str] = set()
        ahead = [name]
        while ahead:
            for one in edges[ahead.pop()] - seen:
                seen.add(one)
                ahead.append(one)
        return seen

    edges = {name: imports(name, trees) for name in trees}
    after = {name: reached(name) for name in trees}
    groups = {
        frozenset(one for one in after[name] if name in after[one])
        for name in trees
        if name in after[name]
    }
    return sorted(sorted(group) for group in groups)


def functions(tree: ast.Module) -> Iterator[Function]:
    """Yield every function, methods and inner ones too."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Return the lines of a function, without its decorators and its docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if is_docstring(first):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def unnamed(tree: ast.Module) -> Iterator[str]:
    """Yield each parameter of a public function that its docstring does not name."""
    for node in tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            said = ast.get_docstring(node) or ""
            for given in (*node.args.args, *node.args.kwonlyargs):
                heads = rf"(?m)^(?:.*, )?{given.arg}(?:,.*)? :"
                if f"`{given.arg}`" not in said and not re.search(heads, said):
                    yield f"{node.name}({given.arg})"


def figures() -> dict[str, list[str]]:
    """Return what each limit is held against, one by one."""
    trees = modules()
    texts = {path: path.read_text("utf-8").splitlines() for path in PACKAGE.rglob("*.py")}
    homes = defaultdict(list)
    for name, tree in trees.items():
        for node in tree.body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name)
    return {
        "modules": list(trees),
        "statements": [name for name, tree in trees.items() for _ in range(statements(tree))],
        "circles": [" and ".join(circle) for circle in circles(trees)],
        "functions over 40 lines": [
            f"{name}.{node.name}: {length(node)}"
            for name, tree in trees.items()
            for node in functions(tree)
            if length(node) > LONGEST_FUNCTION
        ],
        "files over 400 lines": [
            f"{path.relative_to(ROOT)}: {len(lines)}"
            for path, lines in texts.items()
            if len(lines) > LONGEST_FILE
        ],
        "lines over 100 characters": [
            f"{path.relative_to(ROOT)}:{place}"
            for path, lines in texts.items()
            for place, line in enumerate(lines, 1)
            if len(line) > LONGEST_LINE
        ],
        "names in two modules": [
            f"{name}: {', '.join(found)}" for name, found in homes.items() if len(found) > 1
        ],
        "parameters not named in their docstring": [
            f"{name}.{one}" for name, tree in trees.items() for one in unnamed(tree)
        ],
    }


def main() -> None:
    """Print each figure beside its limit, and what is over it."""
    over = False
    for name, found in figures().items():
        sys.stdout.write(f"{name}: {len(found)} (at most {LIMITS[name]})\n")
        if len(found) > LIMITS[name] and name not in ("modules", "statements"):
            sys.stdout.write("".join(f"  {one}\n" for one in found))
        over |= len(found) > LIMITS[name]
    sys.exit(over)


if __name__ == "__main__":
    main()
