// The live panel's pictures: one view for all of them, with Vega loaded once. A closed part is neither worked out nor drawn.

function partOf(model, part) {
  const title = element("h3", { class: "hmip-title" });
  const measure = element("p", { class: "hmip-measure" });
  const sentence = element("p", { class: "hmip-sentence" });
  const picture = element("div", { class: "hmip-picture" });
  const table = element("table"), notes = element("ul", { class: "hmip-notes" });
  const numbers = element("details", {}, element("summary", {}, "The numbers in this picture"), element("div", { class: "hmip-table" }, table));
  const body = element("section", { class: "hmip-finding" }, title, measure, sentence, picture, numbers, notes);
  const outer = element("details", { class: "hmip-part" }, element("summary", {}, part.label), body);
  outer.open = model.get("opened").includes(part.name);
  outer.addEventListener("toggle", () => {
    const others = model.get("opened").filter((name) => name !== part.name);
    if (outer.open !== model.get("opened").includes(part.name)) {
      model.set("opened", outer.open ? [...others, part.name] : others);
      model.save_changes();
    }
  });
  let drawing = null, drawn = "", latest = 0;

  async function set(shown) {
    if (!shown) return;
    const mine = ++latest;
    [title.textContent, measure.textContent, sentence.textContent] = [shown.title, `${shown.measure} | ${shown.cases}`, shown.sentence];
    table.replaceChildren(
      element("thead", {}, element("tr", {}, ...Object.values(shown.columns).map((one) => element("th", { scope: "col" }, one)))),
      element("tbody", {}, ...tableBody(shown.columns, shown.rows)));
    notes.replaceChildren(...shown.notes.map((note) => element("li", {}, note)));
    const spec = model.get("specs")[part.name];
    if (!spec) return;
    const text = JSON.stringify(spec);
    if (text !== drawn) {
      (await drawing)?.end();
      drawn = text;
      drawing = draw(picture, spec, shown.rows);
      await drawing;
    } else if (mine === latest) {
      await (await drawing).redraw(shown.rows);
    }
    (await drawing).describe(`${shown.title}. ${shown.sentence}`);
  }
  return { outer, set, end: async () => (await drawing)?.end() };
}

function render({ model, el }) {
  el.classList.add("hmip-panel-pictures");
  const parts = new Map(model.get("parts").map((part) => [part.name, partOf(model, part)]));
  el.append(...[...parts.values()].map((part) => part.outer));
  const show = async () => {
    const shown = model.get("shown");
    await Promise.all([...parts].map(([name, part]) => part.set(shown[name])));
    el.dataset.painted = String(Number(el.dataset.painted ?? 0) + 1);
  };
  model.on("change:shown", show);
  model.on("change:opened", () => { for (const [name, part] of parts) part.outer.open = model.get("opened").includes(name); });
  show();
  return () => parts.forEach((part) => part.end());
}

export default { render };
