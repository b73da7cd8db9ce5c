"""What is said of a file with problems: all at once, by place, and never who anyone is."""

from pathlib import Path

import pytest

import hmip_kit as hk
from hmip_kit.errors import DataProblem, UnknownName
from hmip_kit.sources.own.identifiers import identifying, personal_heading

SECRETS = [
    "X123456",
    "Ann Archer",
    "1984-02-29",
    "2012/0123456X",
    "A1234BC",
    "Smith, John",
    "ann@example.org",
]


def problems(folder: Path, text: str, drop: bool = False) -> list[str]:
    """Return the problems of a CSV file."""
    (folder / "audit.csv").write_text(text)
    return list(hk.check(folder / "audit.csv", drop).problems)


def test_every_problem_at_once_in_the_order_of_the_rows(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "Title\ncase_id,sex,Ethncity,assessment_safety\na,Mael,White,Yes\na,F,White,maybe\n,F,White,No\n",
    )
    assert found == [
        "audit.csv, column C (Ethncity): no column is called 'Ethncity': did you mean 'ethnicity'?",
        "audit.csv, row 3, column A (case_id): 'a' stands 2 times: rows 3 and 4",
        "audit.csv, row 3, column B (sex): 'Mael' is not one of Female, Male, Not recorded;"
        " did you mean 'Male'?",
        "audit.csv, row 4, column D (assessment_safety): 'maybe' is not one of Yes, No,"
        " Not applicable",
        "audit.csv, row 5, column A (case_id): no case is given; does the case above"
        " go on here? Each takes one row",
    ]


def test_load_raises_what_check_says(tmp_path: Path) -> None:
    (tmp_path / "audit.csv").write_text("case_id,sex\na,Mael\n")
    with pytest.raises(DataProblem) as caught:
        hk.load(tmp_path / "audit.csv")
    assert str(caught.value) == hk.check(tmp_path / "audit.csv").message
    assert str(caught.value).startswith(
        "audit.csv: 1 problem\n  audit.csv, row 2, column B (sex): 'Mael'"
    )


def test_a_bare_name_that_is_nowhere_lists_the_bundled_ones() -> None:
    with pytest.raises(UnknownName, match="practice-cases"):
        hk.load("practise-cases")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "a,assessment_safety,Yes\na,assessment_safety,No",
            "row 3, column B (question): 'assessment_safety' is answered for this case before:"
            " row 2",
        ),
        (
            "a,asessment_safety,Yes",
            "row 2, column B (question): no question is called 'asessment_safety':"
            " did you mean 'assessment_safety'?",
        ),
        (
            "a,assessment_safety,Yes\n,assessment_safety,No",
            "row 3, column A (case_id): no case is given; does the case above"
            " go on here? Each takes one row",
        ),
        ("a,,Yes\nb,assessment_safety,No", "row 2, column B (question): no question is given"),
        (
            "a,assessment_safety,Yes\nb,assessment_safety,No\na,zzz,Yes",
            "row 4, column B (question): 'zzz' is no question",
        ),
        ("a,assessment_safety", "row 2: has 2 cells where there are 3 headings"),
        (
            'a,assessment_safety,Yes\nb,"assessment_safety,No',
            "row 3: cannot be read as a row of cells",
        ),
        (
            '"a,assessment_safety,Yes\nb",assessment_safety,No\nc,assessment_safety,No',
            "row 2, column A (case_id): goes on over several lines",
        ),
    ],
)
def test_rows_of_answers(rows: str, said: str, tmp_path: Path) -> None:
    found = problems(tmp_path, f"case_id,question,answer\n{rows}\n")
    assert any(f"audit.csv, {said}" in problem for problem in found), found


def test_tables_that_do_not_fit_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    folder.mkdir()
    (folder / "cases.csv").write_text("case_id,sex\na,F\n")
    (folder / "answers.csv").write_text("case_id,question,answer\nA,assessment_safety,Yes\n")
    (folder / "needs.csv").write_text(
        "case_id,need,improved\na,Acommodation,Yes\na,Finance,Yes\na,Finance,No\n"
    )
    assert list(hk.check(folder).problems) == [
        "answers.csv, row 2, column A (case_id): 'A' is no case of the table of cases",
        "needs.csv, row 2, column B (need): 'Acommodation' is not one of Accommodation, "
        "Education, training and employment, Finance, Relationships, Lifestyle and associates, "
        "Drug misuse, Alcohol misuse, Emotional wellbeing, Thinking and behaviour, Attitudes; "
        "did you mean 'Accommodation'?",
        "needs.csv, row 4, column B (need): this need of this case stands before: row 3",
    ]
    (folder / "more.csv").write_text("case_id,sex\nb,F\n")
    assert any(
        "is one of 2 tables of cases ('cases', 'more')" in problem
        for problem in hk.check(folder).problems
    )


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        (
            "needs",
            "a,Finance,No\n",
            "column B (need): 49 rows give a need that the case has before; the first 20 follow",
        ),
        ("needs", "a,,No\n", "column B (need): 50 rows give no need; the first 20 follow"),
        (
            "needs",
            "z,Finance,No\n",
            "column A (case_id): 50 rows are about no case of the table of cases;"
            " the first 20 follow",
        ),
        (
            "answers",
            "a,assessment_safety,No\n",
            "column B (question): 49 rows answer a question that the case has answered before;"
            " the first 20 follow",
        ),
    ],
)
def test_of_many_rows_with_one_fault_the_first_are_named_and_all_are_counted(
    table: str, row: str, said: str, tmp_path: Path
) -> None:
    heads = {"needs": "case_id,need,improved\n", "answers": "case_id,question,answer\n"}
    (tmp_path / "cases.csv").write_text("case_id,sex\na,F\n")
    (tmp_path / f"{table}.csv").write_text(heads[table] + 50 * row)
    found = hk.check(tmp_path).problems
    assert f"{table}.csv, {said}" in found
    assert sum("row " in problem for problem in found) == 20


@pytest.mark.parametrize(
    "heading",
    [
        "Family name",
        "First name(s)",
        "DoB",
        "CRN",
        "PNC",
        "Responsible\nofficer",
        "Date of  birth",
        "Officer's name",
        "E-mail",
        "Auditor",
        "Name",
    ],
)
def test_headings_that_name_a_person_are_refused_and_dropped_when_asked(
    heading: str, tmp_path: Path
) -> None:
    text = f'case_id,"{heading}",sex\na,secret one,F\n'
    (found,) = problems(tmp_path, text)
    assert "is refused" in found and "secret" not in found and " ".join(heading.split()) in found
    assert problems(tmp_path, text, drop=True) == []
    dropped = hk.check(tmp_path / "audit.csv", drop_identifiers=True)
    assert dropped.inspection is not None and list(dropped.inspection.cases) == ["case_id", "sex"]
    assert any("was dropped" in warning and "secret" not in warning for warning in dropped.warnings)


@pytest.mark.parametrize(
    "heading", ["Office", "Team name", "Key question", "Sentence", "Officer grade"]
)
def test_headings_that_name_nobody_are_not_personal(heading: str) -> None:
    assert personal_heading(heading) is None


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "heading", ["office", "Remark of ours", "sex", "assessment_safety", "question", "answer"]
)
def test_values_that_look_like_a_person_are_refused_and_never_echoed(
    heading: str, secret: str, tmp_path: Path
) -> None:
    base = (
        "case_id,question,answer\n" if heading in ("question", "answer") else f"case_id,{heading}\n"
    )
    row = {"question": f'a,"{secret}",Yes', "answer": f'a,assessment_safety,"{secret}"'}.get(
        heading, f'a,"{secret}"'
    )
    found = hk.check(_file(tmp_path, f"{base}{row}\n"))
    assert found.inspection is None and secret not in found.message
    assert secret not in " ".join(found.warnings) and secret not in found.mappings.to_string()


def _file(folder: Path, text: str) -> Path:
    path = folder / "audit.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "Very high",
        "Black, Black British, Caribbean or African",
        "Victoria House",
        "c-12",
        "2026-03-01",
        "W1",
    ],
)
def test_ordinary_values_identify_nobody(text: str) -> None:
    assert identifying(text) is None


def test_case_ids_that_look_like_crns_become_running_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    folder.mkdir()
    (folder / "cases.csv").write_text("case_id,sex\nX123456,F\nE654321,M\n")
    (folder / "answers.csv").write_text(
        "case_id,question,answer\nE654321,assessment_safety,Yes\nX123456,assessment_safety,No\n"
    )
    found = hk.check(folder)
    assert found.inspection is not None
    assert found.inspection.cases["case_id"].tolist() == ["1", "2"]
    assert found.inspection.answers["case_id"].tolist() == ["2", "1"]
    told = f"{found!r}{found.message}{found.mappings.to_string()}{found.warnings}"
    told += str(dict(found.inspection.identity))
    assert "X123456" not in told and "E654321" not in told
    assert found.case_map.split() == ["case_id,in_file", "1,X123456", "2,E654321"]


def test_free_text_is_not_kept(tmp_path: Path) -> None:
    text = "case_id,sex,What happened\n" + "".join(
        f"c{place},F,long story number {place}\n" for place in range(50)
    )
    found = hk.check(_file(tmp_path, text))
    assert found.inspection is not None and list(found.inspection.cases) == ["case_id", "sex"]
    (warning,) = (one for one in found.warnings if "What happened" in one)
    assert "taken for text" in warning and "story" not in " ".join(found.warnings)


def test_a_characteristic_of_the_users_own_is_kept(tmp_path: Path) -> None:
    own = hk.load(
        _file(tmp_path, "case_id,sex,Region,assessment_safety\na,F,North,Yes\nb,M,South,No\n")
    )
    assert own.where(region="North").cases["case_id"].tolist() == ["a"]
