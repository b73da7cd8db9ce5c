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

// What is in sight is drawn first.
async function drawn(el, parts, { shown, specs = {} }) {
  const there = [...parts].filter(([name]) => shown[name]);
  const first = there.filter(([, { outer }]) => isSeen(outer, el));
  await Promise.all(first.map(([name, part]) => part.set(shown[name], specs[name])));
  el.dataset.painted = String(Number(el.dataset.painted ?? 0) + 1);
  const rest = there.filter((one) => !first.includes(one));
  await Promise.all(rest.map(([name, part]) => part.set(shown[name], specs[name])));
  el.dataset.drawn = el.dataset.painted;
}

function viewOf(model, el) {
  const parts = new Map(model.get("parts").map((part) => [part.name, partOf(model, part)]));
  const stored = storedOf(model.get("stored"));
  el.classList.add("hmip-panel-pictures");
  el.append(stored, ...[...parts.values()].map((part) => part.outer));
  const ends = [keptInSight(el), ...parts.values()];

  async function show(told, news) {
    if (!news.shown) return;
    stored.remove();
    await drawn(el, parts, told);
  }
  model.on("change:opened", () => {
    const opened = model.get("opened");
    for (const [name, part] of parts) part.outer.open = opened.includes(name);
  });
  askForVega(model);
  const answer = ({ card, ...told }) => parts.get(card).answer(told);
  return { show, answer, end: () => ends.forEach((one) => one.end()) };
}

// Whether an element stands in what its scrolling box shows.
function isSeen(one, box) {
  const [mine, its] = [one.getBoundingClientRect(), box.getBoundingClientRect()];
  return mine.bottom >= its.top && mine.top <= its.bottom;
}

export default () => toldWidget(viewOf);
