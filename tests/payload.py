"""Whether plain data are what a TypedDict says: every page that the tests make is checked so."""

import types
from functools import cache
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints


def check_payload(data: object, kind: Any, place: str = "page") -> None:
    """Raise `AssertionError` naming the `place` where `data` are not what the type `kind` says."""
    origin, inside = get_origin(kind), get_args(kind)
    if kind is Any:
        return
    if origin in (Union, types.UnionType):
        assert any(_fits(data, one, place) for one in inside), f"{place}: {data!r:.60} is no {kind}"
    elif origin is Literal:
        assert data in inside, f"{place}: {data!r:.60} is none of {inside}"
    elif origin is NotRequired:
        check_payload(data, inside[0], place)
    elif hasattr(kind, "__required_keys__"):
        _check_keys(data, kind, place)
    elif origin is list:
        assert isinstance(data, list), f"{place}: {type(data)} is no list"
        for number, one in enumerate(data):
            check_payload(one, inside[0], f"{place}[{number}]")
    elif origin is dict:
        assert isinstance(data, dict), f"{place}: {type(data)} is no dict"
        for name, one in data.items():
            check_payload(name, inside[0], f"{place}, key {name!r}")
            check_payload(one, inside[1], f"{place}[{name!r}]")
    else:
        known = type(None) if kind is None else kind
        strict = type(data) is known  # a truth is no whole number here
        assert strict, f"{place}: {data!r:.60} is {type(data).__name__}, not {known.__name__}"


def _check_keys(data: object, kind: Any, place: str) -> None:
    assert isinstance(data, dict), f"{place}: {type(data)} is no {kind.__name__}"
    missing, more = kind.__required_keys__ - set(data), set(data) - set(kind.__annotations__)
    assert not missing, f"{place} lacks {sorted(missing)}"
    assert not more, f"{place} has {sorted(more)}, which {kind.__name__} does not know"
    hints = _hints(kind)
    for name, one in data.items():
        check_payload(one, hints[name], f"{place}.{name}")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _fits(data: object, kind: Any, place: str) -> bool:
    try:
        check_payload(data, kind, place)
    except AssertionError:
        return False
    return True
