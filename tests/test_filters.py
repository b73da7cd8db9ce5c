"""A filter's state is plain, equal and printable, and code made from it gives it back."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.filters import Filters
from hmip_kit.inspection import Inspection

CASES = hk.load("practice-cases")
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.sampled_from(values), unique=True)
        for name, values in CASES.filterable.items()
    },
)


@given(CHOSEN)
def test_plain_lists_and_back(chosen: dict[str, list[str]]) -> None:
    state = Filters.of(chosen)
    assert Filters.of(state.to_dict()) == state
    assert pickle.loads(pickle.dumps(state)) == state
    assert hash(Filters.of(chosen)) == hash(state)


@given(CHOSEN)
def test_code_gives_the_state_back(chosen: dict[str, list[str]]) -> None:
    filtered = CASES.filtered(Filters.of(chosen))
    pasted: Inspection = eval(
        f"cases{filtered.filters.code}", {"cases": CASES}
    )  # the code is what a person pastes
    assert pasted.filters == filtered.filters
    assert pasted.cases["case_id"].tolist() == filtered.cases["case_id"].tolist()


@given(CHOSEN, CHOSEN)
def test_narrowing_twice_is_narrowing_by_both(
    first: dict[str, list[str]], second: dict[str, list[str]]
) -> None:
    one, other = CASES.filtered(Filters.of(first)), CASES.filtered(Filters.of(second))
    both = one.filtered(Filters.of(second))
    kept = set(one.cases["case_id"]) & set(other.cases["case_id"])
    assert set(both.cases["case_id"]) == kept
    assert both.size == len(kept)


def test_nothing_chosen_is_no_filter() -> None:
    assert not Filters.of({})
    assert not Filters.of({"sex": [], "ethnicity": ()})
    assert Filters.of({"sex": []}).label == ""
    assert Filters.of({"sex": []}).code == ""


def test_one_value_and_a_list_of_one_are_the_same() -> None:
    assert (
        Filters.of({"sex": "Female"})
        == Filters.of({"sex": ["Female"]})
        == Filters.of({"sex": ("Female", "Female")})
    )


def test_a_filter_can_be_taken_back() -> None:
    both = Filters.of({"sex": "Female", "sentence_type": "Licence"})
    assert both.without("sex") == Filters.of({"sentence_type": "Licence"})
    assert both.without("ethnicity") == both
    assert both.to_dict() == {"sex": ["Female"], "sentence_type": ["Licence"]}


def test_values_that_exclude_each_other_leave_no_case() -> None:
    none = CASES.where(sex="Female").where(sex="Male")
    assert none.size == 0
    assert none.filters.label == "sex: Female and Male"
    assert none.filters.chosen("sex") == ()
    assert none.filters.code == ".where(sex='Female').where(sex='Male')"


def test_two_needs_both_stand() -> None:
    both = CASES.where(need="Accommodation").where(need=["Finance", "Relationships"])
    have = [set(CASES.where(need=one).cases["case_id"]) for one in ("Accommodation", "Finance")]
    have.append(set(CASES.where(need="Relationships").cases["case_id"]))
    assert set(both.cases["case_id"]) == have[0] & (have[1] | have[2])
    assert both.filters.label == "need: Accommodation and Finance or Relationships"


def test_a_column_that_python_cannot_name_is_pasted_too() -> None:
    state = Filters.of({"class": "A", "1st language": ["Welsh", "English"]})
    assert state.code == ".where(**{'class': 'A', '1st language': ['Welsh', 'English']})"


def test_a_state_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Filters.of({"sex": "Female"}).choices = ()  # type: ignore[misc]
