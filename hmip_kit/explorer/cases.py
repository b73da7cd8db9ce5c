"""The cases of a panel: a table, a page of rows at a time, and all answers of one case. Filled only while it is open."""

import html
from typing import Any

import ipywidgets
import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.schema import label_of

ROWS_A_PAGE = 20


class CasesTable(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A closed table of cases; opening it, turning the page and choosing a case fill it."""

    def __init__(self, inspection: Inspection) -> None:
        self.inspection = inspection
        self.opened = ipywidgets.ToggleButton(value=False, description="Show the cases", icon="")
        self.page = ipywidgets.BoundedIntText(
            value=1, min=1, max=1, description="Page", layout={"width": "10em"}
        )
        self.chosen = ipywidgets.Dropdown(
            options=[], description="Read case", layout={"width": "22em"}
        )
        self.table = ipywidgets.HTML()
        self.answers = ipywidgets.HTML()
        self.inside = ipywidgets.VBox(
            [self.page, self.table, self.chosen, self.answers], layout={"display": "none"}
        )
        super().__init__([self.opened, self.inside])
        self.opened.observe(lambda _: self._show(), "value")
        self.page.observe(lambda _: self._show(), "value")
        self.chosen.observe(lambda _: self._read(), "value")

    def set(self, inspection: Inspection) -> None:
        """Show the cases of an inspection; nothing is done while the table is closed."""
        self.inspection = inspection
        self._show()

    def _show(self) -> None:
        self.inside.layout.display = "" if self.opened.value else "none"
        self.opened.description = "Hide the cases" if self.opened.value else "Show the cases"
        if not self.opened.value:
            return
        self.page.max = max(1, -(-self.inspection.size // ROWS_A_PAGE))
        rows = page_of(self.inspection, self.page.value)
        self.table.value = as_table(
            rows, f"Page {self.page.value} of {self.page.max}, {self.inspection.size} cases"
        )
        if list(self.chosen.options) != list(rows["Case"]):
            self.chosen.options = list(rows["Case"])
        self._read()

    def _read(self) -> None:
        case = self.chosen.value
        self.answers.value = (
            ""
            if case is None
            else as_table(answers_of(self.inspection, case), f"All answers of {case}")
        )


def page_of(inspection: Inspection, page: int) -> pd.DataFrame:
    """Return one page of the cases, with the schema's labels as headings; no rows past the last page."""
    rows = inspection.cases.iloc[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE].astype("str")
    return rows.rename(
        columns={name: "Case" if name == "case_id" else label_of(str(name)) for name in rows}
    )


def answers_of(inspection: Inspection, case: str) -> pd.DataFrame:
    """Return a case's answers in the framework's order: `Question, Answer`; what was not recorded says so. Unknown cases give no rows."""
    framework = inspection.framework
    labels = {one.id: one.label for one in framework.questions} | {
        one.id: one.label for one in framework.sub_questions
    }
    answers = inspection.answers
    mine = answers[answers["case_id"] == case].sort_values("question")
    said = mine["answer"].astype("str").fillna("Not recorded")
    return pd.DataFrame(
        {
            "Question": [labels.get(one, one) for one in mine["question"].astype("str")],
            "Answer": said.to_list(),
        }
    )


def as_table(frame: pd.DataFrame, caption: str) -> str:
    """Return a frame as an HTML table with a caption; text of the data stays text."""
    cells: list[list[Any]] = frame.to_numpy().tolist()
    heads = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in frame)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(value))}</td>' for value in row)}</tr>"
        for row in cells
    )
    table = f"<caption>{html.escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    return f'<div style="overflow-x:auto"><table class="hmip-cases-table">{table}</table></div>'
