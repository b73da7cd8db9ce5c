"""The panel without a browser: its state, its counts, its words, its code, and what it saves."""

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hmip_kit as hk
from hmip_kit.errors import NotInData, UnknownName
from hmip_kit.filters import Filters
from hmip_kit.inspection import Inspection
from hmip_kit.panel import Explorer, choices
from hmip_kit.panel.cases import ROWS_A_PAGE, answers_of, page_of_cases
from hmip_kit.panel.live import Chosen, LiveFinding
from hmip_kit.protect.bundle import words_of
from hmip_kit.schema import NEED

REPORT = hk.load("lewisham-bromley-2022")
PRACTICE = hk.load("practice-cases")
QUESTIONS = [one.id for one in REPORT.framework.questions]
HOSTILE = '<script>window.hacked = 1</script><img src="x" onerror="window.hacked = 1">'


def audit(answers: Sequence[str | None], **characteristics: list[str]) -> Inspection:
    """Return own cases that each have one answer to all key questions."""
    ids = [f"audit-{place}" for place in range(len(answers))]
    rows = [
        (case, question, answer)
        for case, answer in zip(ids, answers, strict=True)
        for question in QUESTIONS
        if answer
    ]
    frames = {
        "cases": pd.DataFrame({"case_id": ids, **characteristics}, dtype="str"),
        "answers": pd.DataFrame(rows, columns=["case_id", "question", "answer"], dtype="str"),
    }
    return Inspection("audit", {"title": "An audit"}, REPORT.framework, frames, cases_are="own")


@pytest.fixture(autouse=True)
def no_choice() -> None:
    """What one test chose is nothing to the next."""
    Chosen.SHARED.clear()


def looked_at(inspection: Inspection) -> Explorer:
    """Return a panel that is on display."""
    panel = inspection.explore()
    panel._ipython_display_()
    return panel


def opened(inspection: Inspection) -> Explorer:
    """Return a panel with every part open."""
    panel = looked_at(inspection)
    panel.pictures.opened = [part.name for part in panel.parts]
    return panel


STATES = st.fixed_dictionaries(
    {},
    optional={
        name: st.sets(st.sampled_from(values)) for name, values in PRACTICE.filterable.items()
    },
)


@settings(deadline=None, max_examples=40)
@given(STATES)
def test_every_state_shows_what_results_gives_and_counts_what_it_offers(
    state: dict[str, set[str]],
) -> None:
    Chosen.SHARED.clear()
    panel = PRACTICE.explore()
    panel.pictures.on_display = True  # without what stays, which is drawn once
    panel.filters = {name: sorted(values) for name, values in state.items()}
    panel._show()  # the whole sample was chosen before anybody looked
    assert Filters.of(panel.filters.to_dict()) == panel.filters
    wanted = PRACTICE.where(**state)
    shown = panel.pictures.shown["key_questions"]["rows"]
    assert [(row["yes"], row["n"]) for row in shown] == list(
        wanted.show.results().rows[["yes", "n"]].itertuples(index=False, name=None)
    )
    for group in panel.form.shown["groups"]:
        others = PRACTICE.filtered(panel.filters.without(group["name"]))
        for choice in group["values"]:
            assert choice["count"] == others.where(**{group["name"]: choice["value"]}).size
            assert choice["chosen"] == (choice["value"] in state.get(group["name"], ()))
    said = f"{wanted.size} of 42 cases" if wanted.filters else "All 42 cases"
    assert said in panel.form.shown["sentence"]
    assert eval(panel.form.shown["code"], {"hk": hk}).size == wanted.size


def test_a_reader_chooses_several_values_and_resets() -> None:
    panel = PRACTICE.explore()
    for value in ("Female", "Male"):
        panel.form._handle_custom_msg({"name": "sex", "value": value, "chosen": True}, [])
    assert panel.filters.to_dict() == {"sex": ["Female", "Male"]}
    panel.form._handle_custom_msg({"name": "sex", "value": "Female", "chosen": False}, [])
    assert panel.inspection.filters == Filters.of({"sex": "Male"})
    panel.form._handle_custom_msg({"reset": True}, [])
    assert (panel.filters, panel.inspection.size) == (Filters(), 42)


def test_filters_can_be_observed() -> None:
    panel = PRACTICE.explore()
    seen: list[Filters] = []
    panel.observe(lambda change: seen.append(change["new"]), "filters")
    panel.filters = {"sex": "Male"}
    panel.reset()
    assert seen == [Filters.of({"sex": "Male"}), Filters()]


def test_what_the_sample_does_not_have_is_refused_and_changes_nothing() -> None:
    panel = looked_at(PRACTICE.where(sex="Male"))
    before = panel.form.shown, panel.pictures.shown
    for wrong in ({"sex": "Mail"}, {"sexe": "Male"}):
        with pytest.raises(UnknownName, match="Male|sex"):
            panel.filters = wrong
    assert panel.filters.to_dict() == {"sex": ["Male"]}
    assert (panel.form.shown, panel.pictures.shown) == before
    assert panel.inspection.size == PRACTICE.where(sex="Male").size


def test_words_say_how_few_cases_are_left() -> None:
    group = PRACTICE.where(sentence_type="Licence", need="Accommodation")
    said = choices.sentence(group)
    assert said.startswith(
        "Made-up cases. 7 of 42 cases (sentence type: Licence; need: Accommodation)."
    )
    assert "small group" in said
    assert "small group" not in choices.sentence(PRACTICE)
    both = PRACTICE.where(sex="Female").where(sex="Male")
    assert "No case is left" in choices.sentence(both)
    panel = group.explore()
    code = "hk.load('practice-cases').where(sentence_type='Licence', need='Accommodation')"
    assert panel.form.shown["code"] == code


def test_one_choice_is_shared_by_all_that_show_the_same_cases_and_by_no_others() -> None:
    one, two = looked_at(PRACTICE), looked_at(PRACTICE)
    other = hk.load("practice-cases-b").explore()
    one.filters = {"sentence_type": "Licence"}
    assert (two.inspection.size, other.inspection.size) == (19, 42)
    assert (
        two.pictures.shown["key_questions"]["rows"] == one.pictures.shown["key_questions"]["rows"]
    )
    two.reset()
    assert one.inspection.size == 42


def test_a_live_picture_follows_the_choice_and_what_does_not_follow_says_so() -> None:
    panel = PRACTICE.explore()
    found = PRACTICE.show.needs(), PRACTICE.show.service_and_outcome()
    follows, stays = (LiveFinding({"": one}.__getitem__, shown=words_of(one)) for one in found)
    for view, finding in zip((follows, stays), found, strict=True):
        view.follow(finding)
    panel.filters = {"sentence_type": "Licence"}
    licence = PRACTICE.where(sentence_type="Licence")
    assert follows.made("").records == licence.show.needs().records  # what is saved
    assert follows.shown["rows"] == licence.show.needs().records
    assert stays.shown["rows"] == found[1].records
    assert stays.shown["cases"].endswith("stays the same when you filter")
    assert any("widget-view" in kind for kind in found[1]._repr_mimebundle_()[0])  # it is shown so
    follows._asked(None, {"views": 1}, None)
    follows._asked(None, {"views": 0}, None)  # its cell was run again
    panel.reset()
    assert follows.shown["rows"] == licence.show.needs().records
    follows._asked(None, {"views": 1}, None)
    assert follows.shown["rows"] == found[0].records


def test_a_filtered_picture_keeps_its_own_filter_beside_the_choice() -> None:
    finding = PRACTICE.where(sex="Male").show.key_questions()
    view = LiveFinding(lambda _: finding, shown=words_of(finding))
    view.follow(finding)
    PRACTICE.explore().filters = {"sentence_type": "Licence"}
    both = PRACTICE.where(sex="Male", sentence_type="Licence").show.key_questions()
    assert view.shown["cases"] == both.cases
    assert view.shown["rows"] == both.records


def test_another_set_keeps_the_filters_and_the_totals() -> None:
    panel = looked_at(PRACTICE)
    whole = panel.pictures.shown["key_questions"]["rows"]
    panel.tools.another.click()
    assert panel.sample.name == "practice-cases-b"
    assert [(row["yes"], row["n"]) for row in panel.pictures.shown["key_questions"]["rows"]] == [
        (row["yes"], row["n"]) for row in whole
    ]
    panel.filters = {"sentence_type": "Licence"}
    filtered = panel.pictures.shown["key_questions"]["rows"]
    panel.tools.another.click()
    assert (panel.sample.name, panel.inspection.size) == ("practice-cases", 19)
    assert panel.pictures.shown["key_questions"]["rows"] != filtered


def test_without_cases_the_panel_shows_totals_and_says_so() -> None:
    panel = opened(REPORT)
    assert panel.form.shown["groups"] == []
    assert "no cases" in panel.form.shown["sentence"]
    assert "key_questions" in panel.pictures.shown
    assert "sub_questions" not in [part.name for part in panel.parts]
    with pytest.raises(NotInData):
        panel.filters = {"sex": "Male"}


@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_handful_of_cases_is_shown(size: int) -> None:
    panel = opened(audit(["Yes", "No"][:size], sex=["Female", "Male"][:size]))
    assert panel.inspection.size == size
    for shown in panel.pictures.shown.values():
        assert shown["sentence"]
    for row in panel.pictures.shown["key_questions"]["rows"]:
        assert (row["n"], row["bar"], row["low"]) == (size, None, None)
    assert panel._repr_mimebundle_()[0]["text/plain"]


def test_everything_not_applicable_leaves_nothing_to_count() -> None:
    panel = opened(audit(["Not applicable"] * 30, sex=["Male"] * 30))
    assert {(row["n"], row["text"]) for row in panel.pictures.shown["key_questions"]["rows"]} == {
        (0, "no cases")
    }
    assert "nothing to count" in panel.pictures.shown["key_questions"]["sentence"]


def test_a_characteristic_that_is_missing_is_not_offered() -> None:
    offered = [
        group["name"]
        for group in audit(["Yes"] * 12, sex=["Male"] * 12).explore().form.shown["groups"]
    ]
    assert offered == ["sex"]
    none = audit(["Yes"] * 12).explore()
    assert none.form.shown["groups"] == []
    assert "groups" not in [part.name for part in none.parts]


def test_forty_offices_are_all_there() -> None:
    offices = [f"Swyddfa {place:02d} Llanfair-ym-Muallt ŵŷ" for place in range(40)]
    panel = opened(
        audit(["Yes", "No"] * 40, office=[office for office in offices for _ in range(2)])
    )
    [group] = [group for group in panel.form.shown["groups"] if group["name"] == "office"]
    assert [(choice["value"], choice["count"]) for choice in group["values"]] == [
        (office, 2) for office in offices
    ]
    panel.filters = {"office": offices[7]}
    assert panel.inspection.size == 2
    assert offices[7] in panel.form.shown["code"]


def test_a_part_that_is_closed_is_not_worked_out() -> None:
    panel = PRACTICE.explore()
    assert panel.pictures.specs == {}  # nobody has seen it
    panel._ipython_display_()
    panel.filters = {"sex": "Male"}
    assert list(panel.pictures.shown) == ["key_questions"]
    assert list(panel.pictures.specs) == ["key_questions"]
    assert panel.cases.shown == {"opened": False}


def test_a_click_does_not_touch_the_long_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = PRACTICE.explore()
    long: list[str] = []

    def noted(inspection: Inspection, name: str) -> pd.DataFrame:
        long.append(name)
        return inspection.frames[name]

    monkeypatch.setattr(Inspection, "_of_cases_kept", noted)
    panel.filters = {"sentence_type": "Licence", NEED: "Accommodation"}
    assert panel.inspection.size == 7
    assert long == []
    assert len(panel.inspection.answers) > 0  # the watch itself sees a frame that is asked for
    assert long == ["answers"]


def test_groups_are_drawn_again_for_another_characteristic() -> None:
    panel = opened(PRACTICE)
    panel.tools.group.value = "rosh"
    rows = panel.pictures.shown["groups"]["rows"]
    assert {row["group"] for row in rows} == set(PRACTICE.characteristics["rosh"])
    assert sum(row["n"] for row in rows if row["question"] == "delivery_safety") == 42


def test_the_cases_are_a_page_at_a_time_and_one_is_read() -> None:
    panel = PRACTICE.explore()
    tell(panel, opened=True)
    assert len(panel.cases.shown["table"]["rows"]) == ROWS_A_PAGE
    tell(panel, page=3)
    assert len(panel.cases.shown["table"]["rows"]) == 42 - 2 * ROWS_A_PAGE
    case = PRACTICE.cases["case_id"].iloc[-1]
    tell(panel, chosen=case)
    answers = answers_of(PRACTICE, case)
    assert len(answers) == len(PRACTICE.answers[PRACTICE.answers["case_id"] == case])
    assert case in panel.cases.shown["answers"]["caption"]
    assert len(panel.cases.shown["answers"]["rows"]) == len(answers)
    panel.filters = {"sex": "Female"}
    last = 1 + (panel.inspection.size - 1) // ROWS_A_PAGE
    assert panel.cases.shown["page"] == panel.cases.shown["pages"] == last
    assert page_of_cases(panel.inspection, 99).empty
    tell(panel, opened=False)
    assert panel.cases.shown == {"opened": False}


def tell(panel: Explorer, **wanted: object) -> None:
    """Send what the view of the cases would."""
    panel.cases._handle_custom_msg(wanted, [])


def test_a_panel_without_a_case_left_shows_no_answers() -> None:
    panel = PRACTICE.explore()
    tell(panel, opened=True)
    panel.filters = {"sentence_type": "Licence", "need": "Accommodation", "rosh": "Low"}
    assert panel.inspection.size == 0
    assert (panel.cases.shown["ids"], panel.cases.shown["answers"]) == ([], None)


def test_what_is_kept_of_a_panel_needs_no_kernel() -> None:
    data, metadata = PRACTICE.explore()._repr_mimebundle_()
    finding = PRACTICE.show.key_questions()
    assert (
        data["text/plain"] == f"{finding.title}. {finding.sentence}" == metadata["image/png"]["alt"]
    )
    assert {
        "application/vnd.vegalite.v5+json",
        "image/png",
        "application/vnd.hmip.findings+json",
    } <= set(data)


def test_a_panel_shows_the_findings_that_are_named_in_their_order() -> None:
    panel = PRACTICE.explore("stages_sufficient", "needs")
    assert [part.name for part in panel.parts] == ["stages_sufficient", "needs"]
    assert panel.pictures.opened == ["stages_sufficient", "needs"]
    with pytest.raises(UnknownName, match="stages_sufficient"):
        PRACTICE.explore("stages_suficient")
    with pytest.raises(UnknownName):
        PRACTICE.explore("ratings")  # there is one, and it follows no filter
