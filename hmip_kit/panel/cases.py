"""The cases of a panel: a table, a page of rows at a time, and all answers of one case."""

import html

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
        page, chosen = {"width": "10em"}, {"width": "22em"}
        self.page = ipywidgets.BoundedIntText(
            value=1, min=1, max=1, description="Page", layout=page
        )
        self.chosen = ipywidgets.Dropdown(options=[], description="Read case", layout=chosen)
        self.table = ipywidgets.HTML()
        self.answers = ipywidgets.HTML()
        inside = [self.page, self.table, self.chosen, self.answers]
        self.inside = ipywidgets.VBox(inside, layout={"display": "none"})
        super().__init__([self.opened, self.inside])
        self.opened.observe(lambda _: self._show(), "value")
        self.page.observe(lambda _: self._show(), "value")
        self.chosen.observe(lambda _: self._read(), "value")

    def set(self, inspection: Inspection) -> None:
        """Show the cases of an `inspection`; nothing is done while the table is closed."""
        self.inspection = inspection
        self._show()

    def _show(self) -> None:
        self.inside.layout.display = "" if self.opened.value else "none"
        self.opened.description = "Hide the cases" if self.opened.value else "Show the cases"
        if not self.opened.value:
            return
        self.page.max = max(1, -(-self.inspection.size // ROWS_A_PAGE))
        rows = page_of_cases(self.inspection, self.page.value)
        page = f"Page {self.page.value} of {self.page.max}, {self.inspection.size} cases"
        self.table.value = as_table(rows, page)
        if list(self.chosen.options) != list(rows["Case"]):
            self.chosen.options = list(rows["Case"])
        self._read()

    def _read(self) -> None:
        case = self.chosen.value
        if case is None:
            self.answers.value = ""
        else:
            answers = answers_of(self.inspection, case)
            self.answers.value = as_table(answers, f"All answers of {case}")


def page_of_cases(inspection: Inspection, page: int) -> pd.DataFrame:
    """Return a `page` of the cases of an `inspection`, with labels as headings."""
    rows = inspection.cases.iloc[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE].astype("str")
    return rows.rename(columns={name: label_of(str(name)) for name in rows})


def answers_of(inspection: Inspection, case: str) -> pd.DataFrame:
    """Return the answers of a `case` of an `inspection`: `Question, Answer`.

    They stand in the framework's order; what was not recorded says so. Unknown cases give no rows.
    """
    answers = inspection.answers
    mine = answers[answers["case_id"] == case].sort_values("question")
    said = mine["answer"].astype("str").fillna("Not recorded")
    labels = [inspection.framework.label(one) for one in mine["question"].astype("str")]
    return pd.DataFrame({"Question": labels, "Answer": said.to_list()})


def as_table(frame: pd.DataFrame, caption: str) -> str:
    """Return a `frame` as an HTML table with a `caption`; text of the data stays text."""
    heads = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in frame)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(value))}</td>' for value in row)}</tr>"
        for row in frame.to_numpy().tolist()
    )
    named = f"<caption>{html.escape(caption)}</caption>"
    table = f"{named}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    style = 'style="overflow-x:auto"'
    return f'<div {style}><table class="hmip-cases-table">{table}</table></div>'
