// A card: message, measure with the number of cases, picture, and what can be had of it. A page
// has its cards in the HTML; a panel makes them.

function cardMade() {
  const made = element("section", { class: "hmip-card" });
  const measure = element("p", { class: "hmip-measure" }, element("span"), " | ");
  measure.append(element("span", { class: "hmip-cases" }));
  made.append(element("h3", { class: "hmip-title" }), measure);
  made.append(element("figure", { class: "hmip-picture" }));
  made.append(element("p", { class: "hmip-sentence" }));
  const actions = element("div", { class: "hmip-actions" });
  actions.append(foldOf("hmip-numbers", "Table", tableMade()));
  actions.append(foldOf("hmip-how", "How worked out", element("ul", { class: "hmip-notes" })));
  made.append(actions);
  return made;
}

function tableMade() {
  const table = element("table", {}, element("thead"), element("tbody"));
  return element("div", { class: "hmip-table", tabindex: "0", role: "group" }, table);
}

function foldOf(name, words, inside) {
  return element("details", { class: name }, element("summary", {}, words), inside);
}

// Takes up a card that stands in the document, of what is `shown` there.
function cardIn(place, shown, actionsOf = downloads) {
  const at = (name) => place.querySelector(`.hmip-${name}`);
  const picture = at("picture") ? pictureIn(at("picture")) : null;
  const table = at("table") && place.querySelector("tbody") ? tableIn(at("table")) : null;
  const status = element("span", { role: "status" });
  let now = shown;
  at("actions")?.append(...actionsOf(() => now, status), status);
  if (table) numbersLead(place, table, () => now.rows);
  // Writes what is shown now: title, sentence, cases, rows.
  function write(more) {
    now = { ...now, ...more };
    at("title").textContent = now.title;
    at("cases").textContent = now.cases;
    if (at("sentence")) at("sentence").textContent = now.sentence;
    table?.fill(now.columns, now.rows);
  }
  const words = () => `${now.title}. ${now.sentence}`;
  const draw = async (spec) => spec && (await picture?.set(spec, now.rows, words()));
  return { place, write, draw, end: () => picture?.end() };
}

// A number, of the picture or large, opens its row: there it says where the report has it.
function numbersLead(place, table, rows) {
  function lead(found) {
    if (found < 0) return; // beside the marks
    const fold = place.querySelector(".hmip-numbers");
    if (fold) fold.open = true;
    table.lead(found);
    place.dispatchEvent(new CustomEvent("hmip-row", { detail: found }));
  }
  const picture = place.querySelector(".hmip-picture");
  picture?.addEventListener("click", ({ target }) => lead(rowOf(target, rows())));
  for (const point of place.querySelectorAll(".hmip-points strong")) {
    const found = pointOf(point, rows());
    const open = buttonOf(point.textContent, () => lead(found), { class: "hmip-figure" });
    if (found >= 0) point.replaceChildren(open);
  }
}

const DRAWN_OF = "__data__"; // under which Vega keeps, with a mark, what it is drawn of

// The place of the row that a mark of a picture is drawn of.
function rowOf(mark, rows) {
  const [item] = [mark[DRAWN_OF]].flat();
  const drawn = JSON.stringify(item?.datum?.r);
  return rows.findIndex((row) => JSON.stringify(row) === drawn);
}

// The place of the row with the count of a point: of several, the one that the point is called by.
function pointOf(point, rows) {
  const called = point.previousElementSibling.textContent.toLowerCase();
  const alike = rows.filter(({ cases }) => cases && point.textContent.startsWith(cases));
  return rows.indexOf(alike.find((row) => row.label?.toLowerCase().includes(called)) ?? alike[0]);
}

function downloads(shown, status) {
  const save = () => download(`${fileName(shown())}.csv`, csvOf(shown()));
  async function copy() {
    const { title, sentence, source } = shown();
    await navigator.clipboard.writeText(`${title}. ${sentence} (${source})`);
    status.textContent = "Copied";
  }
  return [
    buttonOf("Download", save, { class: "hmip-action" }),
    buttonOf("Copy text", copy, { class: "hmip-action" }),
  ];
}

function fileName({ name, cases }) {
  return `${name} ${cases}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

// A picture that is drawn when its specification is new, and otherwise given other rows.
function pictureIn(place) {
  let drawing = null;
  let drawn = null;

  async function set(spec, rows, words) {
    if (spec === drawn || JSON.stringify(spec) === JSON.stringify(drawn)) {
      drawn = spec; // told anew, it is another object and the same picture: compared once
      await (await drawing).redraw(rows);
    } else {
      (await drawing)?.end();
      drawn = spec;
      drawing = drawIn(place, spec, rows);
    }
    (await drawing).describe(words);
  }
  return { set, end: async () => (await drawing)?.end() };
}

async function drawIn(place, spec, rows) {
  place.querySelector(".hmip-drawn")?.remove();
  const canvas = element("div", { class: "hmip-drawn" });
  place.append(canvas);
  const drawing = await draw(canvas, spec, rows);
  place.classList.add("hmip-live");
  return drawing;
}
