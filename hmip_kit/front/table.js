// Tables: filled from rows, sorted by a column, searched where they are long, and written as CSV.

const FEWEST_TO_SEARCH = 15; // rows
const IN_THOUSANDS = /(?<=\d),(?=\d{3}(?!\d))/g; // 1,024 comes after 512
const STARTS_A_FORMULA = /^[=+\-@\t\r]/;
const inOrderOfText = new Intl.Collator("en-GB", { numeric: true }).compare;

function tableHead(columns) {
  const headings = Object.values(columns).map((name) => element("th", { scope: "col" }, name));
  return element("tr", {}, ...headings);
}

function tableBody(columns, rows) {
  const names = Object.keys(columns);
  return rows.map((row) =>
    element("tr", {}, ...names.map((name, place) => cell(row[name], place))),
  );
}

// The first cell of a row is its heading.
function cell(value, place) {
  const text = value == null ? "" : String(value);
  return place ? element("td", {}, text) : element("th", { scope: "row" }, text);
}

// Makes a table sortable and, where it is long, searchable; gives a way to fill it again.
function tableIn(place) {
  const table = place.querySelector("table");
  const body = table.querySelector("tbody");
  const search = searchOf(place, body);
  const order = { column: -1, down: false };
  let filled = [...body.rows]; // as they were given, however they are sorted

  function arrange() {
    if (order.column >= 0) body.append(...sorted([...body.rows], order));
    search();
  }
  sortable(table, order, arrange);
  search();
  function fill(columns, rows) {
    filled = tableBody(columns, rows);
    body.replaceChildren(...filled);
    arrange();
  }
  return { fill, lead: (at) => focusOn(filled[at]) };
}

function focusOn(row) {
  if (!row) return;
  Object.assign(row, { hidden: false, tabIndex: -1 });
  row.focus();
}

// Makes a button of each heading, which changes the `order` and has the rows put into it.
function sortable(table, order, arrange) {
  const headings = [...table.tHead.rows[0].cells];
  function sort(column) {
    order.down = order.column === column && !order.down;
    order.column = column;
    headings.forEach((heading) => heading.removeAttribute("aria-sort"));
    headings[column].setAttribute("aria-sort", order.down ? "descending" : "ascending");
    arrange();
  }
  headings.forEach((heading, column) => {
    const words = heading.textContent;
    heading.replaceChildren(buttonOf(words, () => sort(column), { class: "hmip-sort" }));
  });
}

function sorted(rows, { column, down }) {
  const textOf = (row) => row.cells[column].textContent.replaceAll(IN_THOUSANDS, "");
  const ordered = rows.toSorted((one, other) => inOrderOfText(textOf(one), textOf(other)));
  return down ? ordered.toReversed() : ordered;
}

// Gives a way to hide the rows of a table that do not have what is searched for.
function searchOf(place, body) {
  const input = element("input", { type: "search" });
  const label = element("label", { class: "hmip-search" }, "Search this table ", input);
  place.before(label);

  function apply() {
    const wanted = input.value.trim().toLowerCase();
    label.hidden = body.rows.length < FEWEST_TO_SEARCH;
    for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
  input.addEventListener("input", apply);
  return apply;
}

// What is shown, as a file that a spreadsheet opens: what it is first, then numbers as numbers.
function csvOf({ title, cases, source, level, numbers, rows }) {
  const names = Object.keys(numbers);
  const about = Object.entries({ Title: title, Cases: cases, Source: source, Level: level });
  const table = rows.map((row) => names.map((name) => row[name] ?? ""));
  const lines = [...about, [], Object.values(numbers), ...table];
  return `\uFEFF${lines.map((line) => line.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

// A spreadsheet runs text that starts as a formula does: it is told that this is text.
function csvCell(value) {
  if (typeof value === "number") return String(value);
  const text = STARTS_A_FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
