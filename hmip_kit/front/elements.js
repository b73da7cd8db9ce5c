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

function tableBody(columns, rows) {
  return rows.map((row) => element("tr", {}, ...Object.keys(columns).map((name, place) =>
    element(place ? "td" : "th", place ? {} : { scope: "row" }, row[name] == null ? "" : String(row[name])))));
}
