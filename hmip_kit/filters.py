"""The state of a filter: plain, equal, printable; it knows nothing of widgets and of frames."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from keyword import iskeyword

from hmip_kit.schema import NEED, label_of

Choice = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Filters:
    """Which values of which characteristics are chosen.

    Within a choice any of the values will do; across choices all must hold. No choice: all cases.

    Parameters
    ----------
    choices : tuple
        Each a name and its values. A name may stand twice: both must hold, as of needs.

    Examples
    --------
    >>> Filters.of({"sentence_type": "Licence", "sex": []})
    Filters(choices=(('sentence_type', ('Licence',)),))
    """

    choices: tuple[Choice, ...] = ()

    @classmethod
    def of(cls, chosen: Mapping[str, str | Iterable[str]]) -> "Filters":
        """Return the state for values `chosen` by name; empty choices are left out."""
        listed = {name: _values(value) for name, value in chosen.items()}
        return cls(tuple((name, values) for name, values in listed.items() if values))

    def __bool__(self) -> bool:
        """Return whether anything is chosen."""
        return bool(self.choices)

    @property
    def clauses(self) -> list[list[object]]:
        """Return the choices as plain lists, as a page reads them."""
        return [[name, list(values)] for name, values in self.choices]

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the values of a `name` that every choice of it allows; none where it is free."""
        mine = [values for one, values in self.choices if one == name]
        return tuple(value for value in (mine or [()])[0] if all(value in one for one in mine))

    def to_dict(self) -> dict[str, list[str]]:
        """Return the values chosen, by name; `Filters.of` takes them back."""
        return {name: list(self.chosen(name)) for name, _ in self.choices}

    def narrowed(self, more: "Filters") -> "Filters":
        """Return this state and `more` together.

        Where both choose of one characteristic, the values that they share remain. A case can have
        several needs, so that two choices of needs both stand; so do two without a shared value.

        >>> Filters.of({"sex": ["Female", "Male"]}).narrowed(Filters.of({"sex": "Male"})).to_dict()
        {'sex': ['Male']}
        """
        choices = list(self.choices)
        for name, values in more.choices:
            mine = [at for at, one in enumerate(choices) if one[0] == name and name != NEED]
            shared = (
                tuple(value for value in choices[mine[0]][1] if value in values) if mine else ()
            )
            if shared:
                choices[mine[0]] = (name, shared)
            elif (name, values) not in choices:
                choices.append((name, values))
        return Filters(tuple(choices))

    def without(self, name: str) -> "Filters":
        """Return the state with nothing chosen of `name`."""
        return Filters(tuple(choice for choice in self.choices if choice[0] != name))

    @property
    def label(self) -> str:
        """Return the state in words.

        >>> Filters.of({"sentence_type": "Licence", "sex": ["Female", "Male"]}).label
        'sentence type: Licence; sex: Female or Male'
        """
        words: dict[str, list[str]] = {}
        for name, values in self.choices:
            words.setdefault(name, []).append(" or ".join(values))
        labels = {name: label_of(name) for name in words}
        return "; ".join(
            f"{label[0].lower()}{label[1:]}: {' and '.join(words[name])}"
            for name, label in labels.items()
        )

    @property
    def code(self) -> str:
        """Return the state as code to paste after an inspection's name.

        >>> Filters.of({"sentence_type": "Licence", "sex": ["Female", "Male"]}).code
        ".where(sentence_type='Licence', sex=['Female', 'Male'])"
        """
        calls: list[dict[str, tuple[str, ...]]] = []
        for name, values in self.choices:
            call = next((one for one in calls if name not in one), None)
            if call is None:
                calls.append(call := {})
            call[name] = values
        return "".join(f".where({_arguments(call)})" for call in calls)


def _arguments(call: Mapping[str, tuple[str, ...]]) -> str:
    given = {name: one[0] if len(one) == 1 else list(one) for name, one in call.items()}
    if all(name.isidentifier() and not iskeyword(name) for name in given):
        return ", ".join(f"{name}={value!r}" for name, value in given.items())
    return f"**{given!r}"


def _values(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
