// The live panel's pictures: one view for all of them. A closed part is neither worked out nor
// drawn.

function partOf(model, { name, label }) {
  const frame = frameOf();
  const summary = element("summary", {}, label);
  const outer = element("details", { class: "hmip-part" }, summary, frame.body);
  outer.open = model.get("opened").includes(name);
  outer.addEventListener("toggle", () => keepOpened(model, name, outer.open));
  return { outer, ...findingIn(frame) };
}

// Tells the kernel which parts are open, where that is news.
function keepOpened(model, name, open) {
  const opened = model.get("opened");
  if (open === opened.includes(name)) return;
  const others = opened.filter((one) => one !== name);
  model.set("opened", open ? [...others, name] : others);
  model.save_changes();
}

function viewOf(model, el) {
  const parts = new Map(model.get("parts").map((part) => [part.name, partOf(model, part)]));
  const stored = storedOf(model.get("stored"));
  el.classList.add("hmip-panel-pictures");
  el.append(stored, ...[...parts.values()].map((part) => part.outer));

  async function show({ shown, specs = {} }, news) {
    if (!news.shown) return;
    stored.remove();
    const there = [...parts].filter(([name]) => shown[name]);
    await Promise.all(there.map(([name, part]) => part.set(shown[name], specs[name])));
    el.dataset.painted = String(Number(el.dataset.painted ?? 0) + 1);
  }
  function open() {
    const opened = model.get("opened");
    for (const [name, part] of parts) part.outer.open = opened.includes(name);
  }
  model.on("change:opened", open);
  askForVega(model);
  return { show, end: () => parts.forEach((part) => part.end()) };
}

export default () => toldWidget(viewOf);
