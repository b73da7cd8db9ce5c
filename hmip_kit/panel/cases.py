"""The cases of a panel: a table, a page of rows at a time, and all answers of one case."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hmip_kit.inspection import Inspection
from hmip_kit.panel.live import Told, widget_script
from hmip_kit.schema import label_of
from hmip_kit.stats.words import plural

ROWS_A_PAGE = 20


class CasesTable(Told):
    """A closed table of cases; opening it, turning the page and choosing a case fill it.

    `shown` says whether it is `opened`, and then `page, pages, table, ids, chosen, answers`.
    """

    _esm = widget_script("table.js", "panel_cases.js")

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(shown={"opened": False})
        self.inspection, self.opened, self.page, self.chosen = inspection, False, 1, ""
        self.on_msg(self._asked_for)

    def set(self, inspection: Inspection) -> None:
        """Show the cases of an `inspection`; nothing is done while the table is closed."""
        self.inspection = inspection
        self._show()

    def _asked_for(self, _: object, content: Mapping[str, Any], __: object) -> None:
        self.opened = bool(content.get("opened", self.opened))
        self.page = int(content.get("page", self.page))
        self.chosen = str(content.get("chosen", self.chosen))
        self._show()

    def _show(self) -> None:
        self.shown = self._opened() if self.opened else {"opened": False}

    def _opened(self) -> dict[str, Any]:
        pages = max(1, -(-self.inspection.size // ROWS_A_PAGE))
        self.page = min(max(self.page, 1), pages)
        rows = page_of_cases(self.inspection, self.page)
        ids = list(rows["Case"])
        self.chosen = self.chosen if self.chosen in ids else next(iter(ids), "")
        answers = answers_of(self.inspection, self.chosen)
        size = f"Page {self.page} of {pages}, {plural(self.inspection.size, 'case')}"
        return {
            "opened": True,
            "page": self.page,
            "pages": pages,
            "table": as_table(rows, size),
            "ids": ids,
            "chosen": self.chosen,
            "answers": as_table(answers, f"All answers of {self.chosen}") if ids else None,
        }


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


def as_table(frame: pd.DataFrame, caption: str) -> dict[str, Any]:
    """Return a `frame` as a table with a `caption`: `caption, columns, rows`."""
    rows = frame.astype("str").to_dict("records")
    return {"caption": caption, "columns": [str(name) for name in frame], "rows": rows}
