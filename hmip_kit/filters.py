"""The state of a filter: plain, equal, printable; it knows nothing of widgets and nothing of frames."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hmip_kit.schema import label_of


@dataclass(frozen=True)
class Filters:
    """Which values of which characteristics are chosen.

    Within a characteristic any of the values will do; across characteristics all must hold. No value means all cases.

    >>> Filters.of({"sentence_type": "Licence", "sex": []})
    Filters(choices=(('sentence_type', ('Licence',)),))
    """

    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, chosen: Mapping[str, str | Iterable[str]]) -> "Filters":
        """Return the state for chosen values, given singly or as several; empty choices are left out."""
        listed = {name: _values(value) for name, value in chosen.items()}
        return cls(tuple((name, values) for name, values in listed.items() if values))

    def __bool__(self) -> bool:
        """Return whether anything is chosen."""
        return bool(self.choices)

    def to_dict(self) -> dict[str, list[str]]:
        """Return the state as plain lists; `Filters.of` takes it back."""
        return {name: list(values) for name, values in self.choices}

    def narrowed(self, more: "Filters") -> "Filters":
        """Return both states together; where both name a characteristic, only the values they share remain.

        >>> Filters.of({"sex": ["Female", "Male"]}).narrowed(Filters.of({"sex": "Male"})).to_dict()
        {'sex': ['Male']}
        """
        mine, other = dict(self.choices), dict(more.choices)
        shared = {
            name: tuple(value for value in mine[name] if value in other[name])
            for name in mine
            if name in other
        }
        return Filters(tuple((mine | other | shared).items()))

    def without(self, name: str) -> "Filters":
        """Return the state with nothing chosen for one characteristic."""
        return Filters(tuple(choice for choice in self.choices if choice[0] != name))

    @property
    def label(self) -> str:
        """Return the state in words.

        >>> Filters.of({"sentence_type": "Licence", "sex": ["Female", "Male"]}).label
        'sentence type: Licence; sex: Female or Male'
        """
        return "; ".join(
            f"{_lowered(label_of(name))}: {' or '.join(values) or 'none'}"
            for name, values in self.choices
        )

    @property
    def code(self) -> str:
        """Return the state as code to paste after an inspection's name.

        >>> Filters.of({"sentence_type": "Licence", "sex": ["Female", "Male"]}).code
        ".where(sentence_type='Licence', sex=['Female', 'Male'])"
        """
        given = ", ".join(_keyword(name, values) for name, values in self.choices)
        return f".where({given})" if given else ""


def _lowered(label: str) -> str:
    return label[0].lower() + label[1:]


def _keyword(name: str, values: tuple[str, ...]) -> str:
    return f"{name}={values[0]!r}" if len(values) == 1 else f"{name}={list(values)!r}"


def _values(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
