// The live panel's pictures: one view for all of them, with Vega loaded once. A closed part is
// neither worked out nor drawn.

function partOf(model, { name, label }) {
  const frame = frameOf();
  const picture = pictureIn(frame.picture);
  const summary = element("summary", {}, label);
  const outer = element("details", { class: "hmip-part" }, summary, frame.body);
  outer.open = model.get("opened").includes(name);
  outer.addEventListener("toggle", () => keepOpened(model, name, outer.open));

  async function set(shown) {
    if (!shown) return;
    write(frame, shown);
    const spec = model.get("specs")[name];
    if (spec) await picture.set(spec, shown.rows, `${shown.title}. ${shown.sentence}`);
  }
  return { outer, set, end: picture.end };
}

// The elements of a part, still empty.
function frameOf() {
  const title = element("h3", { class: "hmip-title" });
  const measure = element("p", { class: "hmip-measure" });
  const sentence = element("p", { class: "hmip-sentence" });
  const picture = element("div", { class: "hmip-picture" });
  const table = element("table");
  const notes = element("ul", { class: "hmip-notes" });
  const summary = element("summary", {}, "The numbers in this picture");
  const numbers = element("details", {}, summary, element("div", { class: "hmip-table" }, table));
  const body = element("section", { class: "hmip-finding" });
  body.append(title, measure, sentence, picture, numbers, notes);
  return { title, measure, sentence, picture, table, notes, body };
}

function write(frame, shown) {
  frame.title.textContent = shown.title;
  frame.measure.textContent = `${shown.measure} | ${shown.cases}`;
  frame.sentence.textContent = shown.sentence;
  const head = element("thead", {}, tableHead(shown.columns));
  const body = element("tbody", {}, ...tableBody(shown.columns, shown.rows));
  frame.table.replaceChildren(head, body);
  frame.notes.replaceChildren(...shown.notes.map((note) => element("li", {}, note)));
}

function tableHead(columns) {
  const headings = Object.values(columns).map((name) => element("th", { scope: "col" }, name));
  return element("tr", {}, ...headings);
}

// Tells the kernel which parts are open, where that is news.
function keepOpened(model, name, open) {
  const opened = model.get("opened");
  if (open === opened.includes(name)) return;
  const others = opened.filter((one) => one !== name);
  model.set("opened", open ? [...others, name] : others);
  model.save_changes();
}

// A picture that is drawn when its specification is new, and otherwise given other rows.
function pictureIn(place) {
  let drawing = null;
  let drawn = "";

  async function set(spec, rows, words) {
    const text = JSON.stringify(spec);
    if (text === drawn) {
      await (await drawing).redraw(rows);
    } else {
      (await drawing)?.end();
      drawn = text;
      drawing = draw(place, spec, rows);
    }
    (await drawing).describe(words);
  }
  return { set, end: async () => (await drawing)?.end() };
}

function render({ model, el }) {
  const parts = new Map(model.get("parts").map((part) => [part.name, partOf(model, part)]));
  el.classList.add("hmip-panel-pictures");
  el.append(...[...parts.values()].map((part) => part.outer));

  async function show() {
    const shown = model.get("shown");
    await Promise.all([...parts].map(([name, part]) => part.set(shown[name])));
    el.dataset.painted = String(Number(el.dataset.painted ?? 0) + 1);
  }
  function open() {
    const opened = model.get("opened");
    for (const [name, part] of parts) part.outer.open = opened.includes(name);
  }
  model.on("change:shown", show);
  model.on("change:opened", open);
  show();
  return () => parts.forEach((part) => part.end());
}

export default { render };
