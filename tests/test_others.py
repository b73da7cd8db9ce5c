"""Figures of other inspections against the file they were cleaned from, and their pictures."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import hmip_kit as hk
from hmip_kit.collection import Against
from hmip_kit.findings.others import THIS
from hmip_kit.sources.bundled import bundled_folder
from hmip_kit.sources.others import AS_ASKED, other_figures, unit_named

PDU = hk.load("lewisham-bromley-2022")
GIVEN = Path(__file__).resolve().parents[2] / "shared" / "data" / "other_inspections.csv"
FURTHER = GIVEN.with_name("other_inspections_2.csv")
OTHERS = other_figures()
PICTURES = ("other_ratings", "other_scores", "other_percentages")


def shown(name: str, published: hk.Inspection | Against) -> hk.Finding:
    """Return a finding on a published inspection, by its name."""
    found: hk.Finding = getattr(published.show, name)()
    return found


def report(**identity: object) -> hk.Inspection:
    """Return the bundled inspection under a made-up identity; None leaves an item out."""
    said = {
        "title": "Madeup PDU, March 2023",
        "unit": "Madeup PDU",
        "published": "March 2023",
    } | identity
    kept = {name: value for name, value in {**PDU.identity, **said}.items() if value is not None}
    return replace(PDU, name="made-up", identity=kept)


@pytest.mark.skipif(not GIVEN.exists(), reason="the file that was cleaned is not here")
def test_every_row_is_a_row_of_the_file_that_was_cleaned() -> None:
    given = pd.read_csv(GIVEN, dtype="str", keep_default_na=False)
    assert OTHERS["row"].tolist() == list(range(1, len(OTHERS) + 1))
    corrections = pd.read_csv(bundled_folder("data") / "corrections.csv", dtype="str")
    for one in corrections[corrections["file"] == "others/figures.csv"].to_dict("records"):
        given.loc[int(one["row"]) - 1, "url"] = one["is"]
    first = OTHERS.head(len(given))
    for name, cleaned in (
        ("inspection", "inspection"),
        ("region", "region"),
        ("measure", "measure"),
        ("value", "value"),
        ("url", "address"),
    ):
        assert first[cleaned].tolist() == given[name].tolist(), name
    for was, now in zip(given.to_dict("records"), first.to_dict("records"), strict=True):
        assert str(was["unit"]).startswith(now["unit_of"]), was
        assert now["words"] in was["unit"]
        assert str(was["denominator"]).startswith("" if pd.isna(now["n"]) else str(now["n"]))
        assert (
            now["base"] in (was["denominator"], "cases", "points")
            or now["base"] in str(was["denominator"])
            or "(" in now["base"]
        )
        assert (
            now["date_from"].strftime("%Y-%m-%d").startswith(first_date(str(was["published"])))
        ), was
        assert ("inferred" in now["precision"]) == ("inferred" in str(was["published"]))


@pytest.mark.skipif(not FURTHER.exists(), reason="the file that was cleaned is not here")
def test_every_further_row_is_a_row_of_the_second_file_from_its_page_or_the_inspectorates() -> None:
    given = pd.read_csv(FURTHER, dtype="str", keep_default_na=False)
    given = given[~given["unit"].str.startswith("RULE")]
    added = OTHERS[OTHERS["row"] > 138]
    assert len(added) == 46
    own = "https://hmiprobation.justiceinspectorates.gov.uk/news/first-approved-premises-report-"
    for row in added.to_dict("records"):
        pages = {row["address"]}
        if row["address"].startswith(own):  # the table has a copy of this page
            pages = {"https://probationmatters.blogspot.com/2025/09/a-good-news-story.html"}
        told = set(given.loc[given["source"].isin(pages), "value"])
        plain = {one.replace(" (words)", "").replace(" days", "") for one in told}
        plain |= {f"{one} per cent" for one in plain} | {one.removesuffix(" each") for one in plain}
        assert row["value"] in plain, row


def first_date(published: str) -> str:
    """Return the first date of a text: as much of year, month and day as it says."""
    start = published.split("inferred: ")[-1]
    return start[
        : next(
            (place for place, letter in enumerate(start) if letter not in "0123456789-"), len(start)
        )
    ]


def test_what_the_table_holds() -> None:
    assert len(OTHERS) == 184
    assert OTHERS["inspection"].nunique() == 102
    ratings = OTHERS[OTHERS["measure"] == "overall_rating"]
    assert len(ratings) == 84
    units = ratings[ratings["kind"] == "PDU"]
    assert (len(units), units["unit"].nunique()) == (71, 59)
    assert set(ratings["rating"]) == {"Inadequate", "Requires improvement", "Good", "Outstanding"}
    percentages = OTHERS[OTHERS["unit_of"] == "percent"]
    assert len(percentages) == 34
    assert percentages["n"].isna().all()
    assert percentages["number"].between(0, 100).all()
    assert OTHERS["address"].str.match("https?://").all()
    assert (OTHERS["date_from"] <= OTHERS["date_to"]).all()


def test_days_are_as_wide_as_the_page_is_vague() -> None:
    days = (OTHERS["date_to"] - OTHERS["date_from"]).dt.days
    widths = {
        "day": {0},
        "month": {27, 29, 30},
        "month of fieldwork": {29},
        "year": {364},
        "year inferred": {364, 365, 729, 730},
    }
    for precision, group in days.groupby(OTHERS["precision"]):
        assert set(group) <= widths[str(precision)], precision


def test_a_unit_inspected_twice_has_one_name_and_two_regimes() -> None:
    sheffield = OTHERS[OTHERS["unit"] == "Sheffield PDU"]
    assert sheffield["inspection"].unique().tolist() == [
        "Sheffield PDU",
        "Sheffield PDU (second inspection)",
    ]
    assert sheffield["regime"].unique().tolist() == ["pdu-2021", "pdu-2023"]
    second = OTHERS[OTHERS["round"] == "second"]
    assert set(second["unit"]) <= set(OTHERS.loc[OTHERS["round"] == "", "unit"])
    assert (second["regime"] == "pdu-2023").all()


@pytest.mark.parametrize(
    "written",
    [
        "Lewisham & Bromley PDU",
        "Lewisham and Bromley",
        "BROMLEY AND LEWISHAM PDU",
        "Bromley & Lewisham",
        " Lewisham &  Bromley  pdu",
    ],
)
def test_a_unit_has_one_name_however_it_is_written(written: str) -> None:
    assert unit_named(written) == "Lewisham and Bromley PDU"


def test_a_region_has_one_name_and_a_regime_without_figures_has_its_title() -> None:
    youth = replace(
        report(region="Kent, Surrey & Sussex"),
        framework=replace(PDU.framework, id="youth-1998", title="Youth, made up"),
    )
    row = other_figures(youth).iloc[-1]
    assert row["region"] == "Kent, Surrey and Sussex"
    assert row["regime_label"] == "Youth, made up"
    assert other_figures(report(region=None)).iloc[-1]["region"] == "not stated"
    assert OTHERS.loc[OTHERS["regime"] == "", "regime_label"].eq("").all()


def test_near_names_stay_apart_and_other_names_are_known() -> None:
    assert unit_named("Derby City PDU") != unit_named("Derbyshire PDU")
    assert unit_named("Nottingham City PDU") != unit_named("Nottinghamshire PDU")
    assert unit_named("SNPT PDU") == "Swansea Neath Port Talbot PDU"
    assert len({unit_named(unit) for unit in OTHERS["unit"]}) == OTHERS["unit"].nunique()


def test_an_inspection_given_takes_the_place_of_its_own_rows_and_of_no_others() -> None:
    found = other_figures(PDU)
    gone = set(OTHERS["row"]) - set(found["row"].dropna())
    assert OTHERS.set_index("row").loc[
        list(gone), ["inspection", "measure"]
    ].to_numpy().tolist() == [["Lewisham and Bromley PDU", "overall_rating"]]
    mine = found[found["row"].isna()]
    assert mine["inspection"].unique().tolist() == [PDU.title]
    key = mine[mine["unit_of"] == "percent"].set_index("question")
    assert key["number"].tolist() == PDU.published["percent"].tolist()
    assert (key["n"] == 42).all()
    assert (key["wording"] == AS_ASKED).all()
    assert found.dtypes.equals(OTHERS.dtypes)


def test_what_a_report_does_not_state_has_no_row() -> None:
    bare = replace(
        report(rating=None, score=None, published=None),
        frames={**PDU.frames, "published": PDU.published.iloc[:0]},
    )
    assert len(other_figures(bare)) == 184
    for picture in PICTURES:
        found = shown(picture, bare)
        assert THIS not in set(found.rows["whose"])
        assert found.title
        assert found.chart is not None
    no_maximum = other_figures(report(maximum_score=None))
    assert no_maximum.loc[no_maximum["measure"] == "score", "n"].isna().sum() == 3


@pytest.mark.parametrize(
    ("published", "days", "precision"),
    [
        ("17 May 2022", ("2022-05-17", "2022-05-17"), "day"),
        ("2022-05-17", ("2022-05-17", "2022-05-17"), "day"),
        ("November 2022", ("2022-11-01", "2022-11-30"), "month"),
        ("2024", ("2024-01-01", "2024-12-31"), "year"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_given(
    published: str, days: tuple[str, str], precision: str
) -> None:
    row = other_figures(report(published=published)).iloc[-1]
    assert (f"{row['date_from']:%Y-%m-%d}", f"{row['date_to']:%Y-%m-%d}") == days
    assert row["precision"] == precision


@pytest.mark.parametrize("name", ["others", *PICTURES])
def test_cases_do_not_stand_beside_published_inspections(name: str) -> None:
    practice = hk.load("practice-cases")
    for published in (practice, PDU.against(practice), practice.against(PDU)):
        found = shown(name, published)
        assert found.rows.empty and found.title.endswith("not in these data")
        assert "This takes a published inspection" in found.sentence


def test_the_table_is_what_was_read_in_order_of_date() -> None:
    found = PDU.show.others()
    assert found.title == "198 published figures of 102 inspections"
    rows = found.rows
    assert rows["date_from"].is_monotonic_increasing
    assert sorted(rows["row"].dropna()) == sorted(other_figures(PDU)["row"].dropna())
    assert rows.loc[rows["whose"] == THIS, "inspection"].unique().tolist() == [PDU.title]
    assert "no census" in found.sentence
    assert len(PDU.against(report()).show.others().rows) == len(rows) + 15
    assert found.say(rows.iloc[:0])[0] == "0 published figures of 0 inspections"


def test_the_strip_marks_this_inspection_and_no_mark_lies_on_another() -> None:
    rows = PDU.show.other_ratings().rows
    assert rows.loc[rows["whose"] == THIS, "name"].tolist() == ["Lewisham and Bromley"]
    assert len(rows) == 84
    assert rows["lane"].is_unique
    assert (rows["region"] == rows["lane"].str.split("|").str[0]).all()


def test_the_strip_counts_within_one_regime_and_warns_of_several() -> None:
    found = PDU.show.other_ratings()
    rows, regime = found.rows, "Delivery units, 2021 to 2023"
    same = rows[(rows["regime_label"] == regime) & (rows["whose"] != THIS)]
    alike = (same["rating"] == "Inadequate").sum()
    assert (
        found.title
        == f"{PDU.title}: Inadequate, as {alike} of {len(same)} others read under the same regime"
    )
    assert "Several regimes" in found.sentence
    assert "no census" in " ".join(found.notes)
    one = found.say(rows[rows["regime_label"] == regime])
    assert "Several regimes" not in one[1]
    assert found.say(rows.iloc[:0])[0] == "No overall rating could be read"


def test_a_report_added_stands_in_the_pictures_and_is_not_this_inspection() -> None:
    added = report()
    for picture in PICTURES:
        rows = shown(picture, PDU.against(added)).rows
        mine = rows[rows["inspection"] == added.title]
        assert len(mine) > 0
        assert THIS not in set(mine["whose"])
    assert len(PDU.against(added).show.other_ratings().rows) == 85


def test_scores_keep_the_order_of_dates_and_say_what_is_not_stated() -> None:
    rows = PDU.show.other_scores().rows
    assert rows["date_from"].is_monotonic_increasing
    assert sorted(rows["text"]) == [
        "0 of 27",
        "1 of 27",
        "3, maximum not stated",
        "3, maximum not stated",
        "4 of 24",
    ]


def test_percentages_say_that_their_n_is_not_stated() -> None:
    found = PDU.show.other_percentages()
    rest = found.rows[found.rows["whose"] != THIS]
    assert len(rest) == 34
    assert rest["text"].str.endswith("n not stated").all()
    mine = found.rows[found.rows["whose"] == THIS].set_index("question")["text"]
    assert mine.to_dict() == {
        "assessment_safety": "21%, n = 42",
        "delivery_safety": "19%, n = 42",
        "delivery_desistance": "26%, n = 42",
    }
    assert '25% ("only a quarter"), n not stated' in set(rest["text"])
    assert "Wordings differ" in found.sentence
    assert found.title == "None of 34 percentages of other inspections has a stated n"


def test_key_questions_of_an_added_report_stand_by_question() -> None:
    found = PDU.against(report()).show.other_percentages()
    assert found.title == "13 of 47 percentages of other inspections have a stated n"
    assert found.rows["place"].str.split("|").str[0].tolist() == found.rows["topic"].tolist()
    runs = (found.rows["topic"] != found.rows["topic"].shift()).sum()
    assert runs == found.rows["topic"].nunique()
    assert "Planning: engagement: 38%, n = 42 here; one other 38%" in found.sentence


def test_no_picture_ranks() -> None:
    for picture in PICTURES:
        found = shown(picture, PDU)
        words = f"{found.title} {found.sentence} {' '.join(found.columns.values())}".casefold()
        assert not {"best", "worst", "rank", "league"} & set(words.split())
    rows = PDU.show.other_percentages().rows
    assert all(group["date_from"].is_monotonic_increasing for _, group in rows.groupby("topic"))


def test_the_lowest_figure_on_safety_that_was_read_is_said_beside_this_inspection() -> None:
    warwickshire = OTHERS[(OTHERS["unit"] == "Warwickshire PDU")].set_index("measure")
    safety = warwickshire.loc["keeping_other_people_safe_sufficient"]
    assert safety["number"] == 9 < min(PDU.published["percent"])
    assert warwickshire.loc["overall_rating", "rating"] == "Requires improvement"
    assert warwickshire["address"].str.contains("justiceinspectorates.gov.uk").all()
    said = PDU.show.other_percentages().sentence
    assert "Safety without a stage: none here; four others 9% to 49%" in said


def test_national_figures_of_2025_stand_beside_this_inspection_with_programme_and_date() -> None:
    rows = PDU.show.other_percentages().rows
    national = rows[rows["regime_label"] == "National arrangements, 2025"].set_index("question")
    assert national["percent"].to_dict() == {"delivery_desistance": 32, "delivery_safety": 18}
    assert set(national["when"]) == {"29 April 2025"}
