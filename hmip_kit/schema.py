"""Each column of the case data, declared once: meaning, allowed values, whether it filters."""

from collections.abc import Iterable
from dataclasses import dataclass

NOT_RECORDED = "Not recorded"
YES, NO, NOT_APPLICABLE = "Yes", "No", "Not applicable"
ANSWERS = (YES, NO, NOT_APPLICABLE)
SECOND_ANSWERS = "second_answers"  # the frame of a second auditor's answers
MODERATED_ANSWERS = "moderated_answers"  # the frame of what two auditors agreed on in the end
CASELOAD = "caseload"  # the frame of how many cases of a unit's caseload have each value
NEED = "need"  # the name under which needs are filtered by
NEED_FLAGS = (
    "linked_to_offending",
    "linked_to_harm",
    "planned_for",
    "service_delivered",
    "improved",
)
NEEDS = (
    "Accommodation",
    "Education, training and employment",
    "Finance",
    "Relationships",
    "Lifestyle and associates",
    "Drug misuse",
    "Alcohol misuse",
    "Emotional wellbeing",
    "Thinking and behaviour",
    "Attitudes",
)  # the ten needs of OASys


@dataclass(frozen=True)
class Column:
    """One column of the case data.

    `allowed` lists its values in the order in which they are shown, `synonyms` other headings that
    people give it; `equality` says that it counts as a protected characteristic (Equality Act
    2010): a column does, unless it says otherwise. `apart` says that it tells several inspections
    in one file apart: the template asks for it once, in the sheet `inspection`.
    """

    name: str
    label: str
    meaning: str
    allowed: tuple[str, ...] = ()
    filter: bool = False
    synonyms: tuple[str, ...] = ()
    required: bool = False
    equality: bool = True
    apart: bool = False


CASES = (
    Column(
        "case_id",
        "Case",
        "One row per inspected case; never a CRN or any other real identifier",
        synonyms=(
            "Case number",
            "Case no",
            "Case reference",
            "Case ref",
            "Reference",
            "Case identifier",
        ),
        required=True,
    ),
    Column(
        "sentence_type",
        "Sentence type",
        "Community sentence, or licence after release from prison",
        ("Community", "Licence", NOT_RECORDED),
        filter=True,
        equality=False,
        synonyms=(
            "Case/sentence type",
            "Case type",
            "Sentence",
            "Order type",
            "Type of sentence",
            "Disposal",
        ),
    ),
    Column(
        "sex",
        "Sex",
        "Sex as recorded",
        ("Female", "Male", NOT_RECORDED),
        filter=True,
        synonyms=("Gender",),
    ),
    Column(
        "ethnicity",
        "Ethnicity",
        "The five harmonised ethnic groups of the Government Statistical Service",
        (
            "Asian or Asian British",
            "Black, Black British, Caribbean or African",
            "Mixed or multiple ethnic groups",
            "White",
            "Other ethnic group",
            NOT_RECORDED,
        ),
        filter=True,
        synonyms=(
            "Ethnic group",
            "Ethnic origin",
            "Ethnic background",
            "Race/ethnicity",
            "Self-defined ethnicity",
        ),
    ),
    Column(
        "age_group",
        "Age group",
        "Age at the start of the sentence or licence",
        ("18 to 25", "26 to 35", "36 to 49", "50 and over", NOT_RECORDED),
        filter=True,
        synonyms=("Age", "Age band", "Age range", "Age at start", "Age at sentence"),
    ),
    Column(
        "disability",
        "Disability",
        "Whether a disability is recorded",
        ("Yes", "No", NOT_RECORDED),
        filter=True,
        synonyms=("Disabled", "Disability recorded", "Has a disability", "Disability status"),
    ),
    Column(
        "rosh",
        "Risk of serious harm",
        "Classification of the risk of serious harm (RoSH)",
        ("Low", "Medium", "High", "Very high", NOT_RECORDED),
        filter=True,
        equality=False,
        synonyms=(
            "Risk of Serious Harm Classification",
            "RoSH level",
            "RoSH classification",
            "Risk of harm",
            "Risk level",
            "ROSH",
        ),
    ),
    Column(
        "office",
        "Office or team",
        "The office or team that holds the case",
        filter=True,
        equality=False,
        synonyms=("Office", "Team", "Probation office", "Office/team", "Team name", "Office name"),
    ),
    Column(
        "round",
        "Round",
        "The round of audit that the case belongs to, where a file holds several",
        filter=True,
        equality=False,
        apart=True,
        synonyms=("Audit round", "Round of audit", "Quarter", "Audit quarter"),
    ),
    Column(
        "unit",
        "Unit",
        "The unit that holds the case, where a file holds several",
        filter=True,
        equality=False,
        apart=True,
        synonyms=("PDU", "Probation delivery unit", "Delivery unit", "Probation unit", "Unit name"),
    ),
)
ROUND, UNIT = (column.name for column in CASES if column.apart)
ANSWER_ROWS = (
    Column("case_id", "Case", "The case that the answer is about", required=True),
    Column(
        "question",
        "Question",
        "Id of the key question or sub-question in the framework",
        synonyms=("Question id", "Key question", "Question number"),
        required=True,
    ),
    Column(
        "answer",
        "Answer",
        "Yes always means sufficient; a missing answer is not recorded",
        ANSWERS,
        synonyms=("Judgement", "Response", "Sufficient", "First answer"),
        required=True,
    ),
)
SECOND_ANSWER = Column(
    "second_answer",
    "Second answer",
    "The answer of a second auditor on the same case, where there is one",
    ANSWERS,
    synonyms=("Second auditor", "Second judgement", "Answer 2"),
)
MODERATED_ANSWER = Column(
    "moderated_answer",
    "Moderated answer",
    "What two auditors of the same case agreed on in the end, where there is that",
    ANSWERS,
    synonyms=("Moderation", "Agreed answer", "Final answer"),
)
OTHER_ANSWERS = {SECOND_ANSWERS: SECOND_ANSWER, MODERATED_ANSWERS: MODERATED_ANSWER}
NEED_ROWS = (
    Column("case_id", "Case", "The case that has or has not the need", required=True),
    Column(
        "need",
        "Need",
        "One of the ten needs of OASys",
        NEEDS,
        synonyms=("Criminogenic need", "OASys need", "Need area"),
        required=True,
    ),
    Column(
        "linked_to_offending",
        "Linked to offending",
        "Whether the need is linked to offending",
        synonyms=("Linked to reoffending",),
    ),
    Column(
        "linked_to_harm",
        "Linked to harm",
        "Whether the need is linked to risk of harm",
        synonyms=("Linked to risk of harm",),
    ),
    Column(
        "planned_for",
        "Planned for",
        "Whether the sentence plan addresses the need",
        synonyms=("In the plan", "Planned"),
    ),
    Column(
        "service_delivered",
        "Service delivered",
        "Whether a service for the need was delivered",
        synonyms=("Delivered", "Service"),
    ),
    Column(
        "improved",
        "Progress noted",
        "Whether progress on the need was noted",
        synonyms=("Progress",),
    ),
)
# Frames of an inspection folder, whose columns are not spelled in other ways.
OF_A_FOLDER: dict[str, dict[str, str]] = {
    "published": {
        "question": "Id of the key question",
        "yes": "Cases judged sufficient",
        "n": "Cases with Yes or No",
        "percent": "Percentage as the report prints it",
        "count_source": "Whether the count was stated or rebuilt from the percentage",
    },
    "ratings": {
        "standard": "Standard, by name",
        "rating": "Published rating; blank where there is none",
        "status": "rated, not rated, not applicable or not stated",
        "usual_rating": "What the guidance usually gives, where the report departs from it",
        "override_note": "Why the report departs from it, in this kit's words",
    },
    "recommendations": {
        "number": "Number in the report",
        "addressee": "Who is asked to act",
        "label": "What is asked, as the report has it",
    },
    "figures": {
        "figure": "Id of the figure",
        "section": "The report's own number or heading",
        "measure": "What is counted, in this kit's words",
        "population": "Who or what the figure is about",
        "polarity": "sufficient, insufficient or neutral",
        "value": "The figure as a number; blank where words give none",
        "unit": "percent, count, points, years, weeks or, without a number, words",
        "numerator": "Cases or people counted, where the report states them with their base",
        "denominator": "The base, where the report states it",
        "printed": "The figure as the report prints it, with its decimals",
        "words": "The report's words where they stand for a number or qualify it",
        "low": "Least that the words allow, in the unit; this kit's reading",
        "high": "Most that the words allow, in the unit; this kit's reading",
        "group": "Whom it is taken from: an item of the identity, or a name that figures share",
        "extent": "whole where the figure is of the whole group, part where it is of some of it",
        "when": "announcement or inspection, where the report gives a measure at two dates",
        "part_of": "Id of the figure that this one is a part of",
        "restates": "Id of the figure or key question that this one states again",
        "note": "What does not fit, and what is not stated",
    },
    "comparisons": {
        "question": "Id of a key question that the report compares between groups",
        "characteristic": "What makes the groups",
        "weaker": "The group in which fewer were sufficient; blank for all others",
        "stronger": "The group in which more were sufficient",
        "section": "Where the report says so",
    },
    "findings": {
        "standard": "Standard or section that the finding stands under",
        "kind": "strength or area for improvement",
        "label": "What was found, in this kit's words",
        "theme": "What it is about",
        "figures": "Ids of the figures and key questions that bear it out, apart by spaces",
        "recommendations": "Numbers of the recommendations that it belongs to, apart by spaces",
    },
}
FRAMES: dict[str, tuple[Column, ...]] = {
    "cases": CASES,
    "answers": ANSWER_ROWS,
    "needs": NEED_ROWS,
    **{
        frame: tuple(Column(name, name, meaning) for name, meaning in columns.items())
        for frame, columns in OF_A_FOLDER.items()
    },
}


def allowed(name: str) -> tuple[str, ...]:
    """Return the values that the characteristic `name`, or need, may have; none without a list.

    >>> allowed("sex"), allowed("office")
    (('Female', 'Male', 'Not recorded'), ())
    """
    return ({column.name: column.allowed for column in CASES} | {NEED: NEEDS}).get(name, ())


def label_of(name: str) -> str:
    """Return the label of the characteristic `name`; one's own column is labelled by its name.

    >>> label_of("rosh"), label_of("probation_office")
    ('Risk of serious harm', 'Probation office')
    """
    labels = {column.name: column.label for column in CASES} | {NEED: "Need"}
    return labels.get(name, name.replace("_", " ").capitalize())


def filters_among(columns: Iterable[str]) -> list[str]:
    """Return which `columns` of the cases are filters: the schema's in its order, then one's own.

    >>> filters_among(["case_id", "care_leaver", "sex"])
    ['sex', 'care_leaver']
    """
    held, offered = list(columns), {column.name: column.filter for column in CASES}
    named = dict.fromkeys([*offered, *held])
    return [name for name in named if name in held and offered.get(name, True)]


def under_equality_act(name: str) -> bool:
    """Return whether the characteristic `name` counts as protected; one's own columns all do.

    >>> under_equality_act("sex"), under_equality_act("office"), under_equality_act("religion")
    (True, False, True)
    """
    return next((column.equality for column in CASES if column.name == name), True)


def in_order(name: str, found: set[str]) -> list[str]:
    """Return the values `found` in the characteristic `name`: the schema's first, then others.

    Of one without a list, Yes and No come first.

    >>> in_order("sentence_type", {"Licence", "Community", "Other order"})
    ['Community', 'Licence', 'Other order']
    >>> in_order("care_leaver", {"No", "Not recorded", "Yes"})
    ['Yes', 'No', 'Not recorded']
    """
    known = () if name == NEED else allowed(name) or ANSWERS
    return [value for value in known if value in found] + sorted(found - set(known))
