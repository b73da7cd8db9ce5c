// The live panel's cards: one view for all of them. A closed part is neither worked out nor drawn.

function partOf(model, { name, label }) {
  const summary = element("summary", {}, label);
  const outer = element("details", { class: "hmip-part" }, summary);
  const finding = liveCardIn(outer, (wanted) => model.send({ ...wanted, card: name }));
  outer.open = model.get("opened").includes(name);
  outer.addEventListener("toggle", () => keepOpened(model, name, outer.open));
  return { outer, ...finding };
}

// Tells the kernel which parts are open, where that is news.
function keepOpened(model, name, open) {
  const opened = model.get("opened");
  if (open === opened.includes(name)) return;
  const others = opened.filter((one) => one !== name);
  model.set("opened", open ? [...others, name] : others);
  model.save_changes();
}

// A part is told of at a time, with its picture where that is new.
function joined(told, { shown, specs }) {
  told.shown = { ...told.shown, ...shown };
  told.specs = { ...told.specs, ...specs };
}

// Tells the kernel which parts are in sight: it shows them first.
function watched(el, parts, model) {
  const seen = new Set();
  const names = new Map([...parts].map(([name, { outer }]) => [outer, name]));
  const note = ({ target, isIntersecting }) =>
    seen[isIntersecting ? "add" : "delete"](names.get(target));
  const told = (changes) => {
    changes.forEach(note);
    model.send({ in_sight: [...seen] });
  };
  const watch = new IntersectionObserver(told, { root: el });
  for (const outer of names.keys()) watch.observe(outer);
  return { end: () => watch.disconnect() };
}

function viewOf(model, el) {
  const parts = new Map(model.get("parts").map((part) => [part.name, partOf(model, part)]));
  const stored = storedOf(model.get("stored"));
  el.classList.add("hmip-panel-pictures");
  el.append(stored, ...[...parts.values()].map((part) => part.outer));
  const ends = [keptInSight(el), watched(el, parts, model), ...parts.values()];

  async function show({ shown, specs }, news) {
    stored.remove();
    const told = [...parts].filter(([name]) => news.shown[name]);
    await Promise.all(told.map(([name, part]) => part.set(shown[name], specs[name])));
  }
  model.on("change:opened", () => {
    const opened = model.get("opened");
    for (const [name, part] of parts) part.outer.open = opened.includes(name);
  });
  askForVega(model);
  const answer = ({ card, ...told }) => parts.get(card).answer(told);
  return { show, answer, end: () => ends.forEach((one) => one.end()) };
}

export default () => toldWidget(viewOf, joined);
