// Makes elements out of text: what comes from data is never read as HTML.

function element(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (typeof value === "boolean") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...inside);
  return made;
}

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
