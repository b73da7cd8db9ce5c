// A card of a live finding: made when the kernel first tells what there is, then filled again.

const EDGES = 24; // pixels of a cell's own edges, above and below what it shows
const LOWEST = 320; // pixels: below this nothing could be read
const FRAMES = ".jp-WindowedPanel-outer, .jp-Notebook, main";

const KINDS = {
  csv: "Table (CSV)",
  xlsx: "Workbook (XLSX)",
  png: "Picture (PNG)",
  svg: "Picture (SVG)",
};

// `ask({save: kind})` and `ask({row})` go to the kernel; what it says comes back to `answer`.
function liveCardIn(place, ask) {
  let card = null;
  const behind = behindIn(ask);
  async function set(shown, spec) {
    card ??= newCard(place, shown, { spec, ask, behind });
    card.write(shown);
    behind.set(shown);
    const notes = [...shown.notes, `Source: ${shown.source}`];
    const items = notes.map((note) => element("li", {}, note));
    card.place.querySelector(".hmip-notes").replaceChildren(...items);
    await card.draw(spec);
  }
  function answer({ saved, cases }) {
    if (saved) card.place.querySelector(".hmip-saved").textContent = saved;
    else behind.say(cases);
  }
  return { set, answer, end: () => card?.end() };
}

function newCard(place, shown, { spec, ask, behind }) {
  const made = cardMade();
  made.querySelector(".hmip-measure span").textContent = shown.measure;
  made.querySelector("thead").replaceChildren(tableHead(shown.columns));
  made.querySelector(".hmip-table").setAttribute("aria-label", `Table: ${shown.measure}`);
  made.querySelector(".hmip-numbers").open = !spec;
  made.addEventListener("hmip-row", ({ detail }) => behind.choose(detail));
  place.append(made);
  return cardIn(made, shown, (now, status) => {
    const [, copy] = downloads(now, status);
    return [behind.fold, savesOf(spec ? Object.keys(KINDS) : ["csv", "xlsx"], ask), copy];
  });
}

// Files are written where the notebook is: the kernel says where that was.
function savesOf(kinds, ask) {
  const buttons = kinds.map((kind) =>
    buttonOf(KINDS[kind], () => ask({ save: kind }), { class: "hmip-action" }),
  );
  const said = element("p", { class: "hmip-saved", role: "status" });
  return foldOf("hmip-saves", "Save", element("div", {}, ...buttons, said));
}

// Which cases a number counts: chosen from a list, or by a click on the number.
function behindIn(ask) {
  const chosen = element("select");
  const said = element("p", { role: "status" });
  const label = element("label", {}, "Cases behind ", chosen);
  const fold = foldOf("hmip-behind", "Cases", element("div", {}, label, said));
  const asked = () => fold.open && chosen.value && ask({ row: Number(chosen.value) });
  chosen.addEventListener("change", asked);
  fold.addEventListener("toggle", asked);

  function choose(at) {
    chosen.value = String(at);
    asked();
  }
  function set(shown) {
    const before = Math.max(chosen.selectedIndex, 0);
    fold.hidden = !shown.seen;
    chosen.replaceChildren(...optionsOf(shown));
    choose(Math.min(before, shown.rows.length - 1));
  }
  return { fold, set, choose, say: (words) => said.replaceChildren(words) };
}

function optionsOf({ rows, columns }) {
  const names = Object.keys(columns).slice(0, 2);
  return rows.map((row, at) =>
    element("option", { value: String(at) }, names.map((name) => row[name]).join(", ")),
  );
}

// Keeps an element no higher than what the notebook shows of itself, so that a choice and its
// picture are in view together; it scrolls inside.
function keptInSight(el) {
  let frame = null;
  function fit() {
    frame ??= el.closest(FRAMES);
    if (frame) el.style.maxHeight = `${Math.max(LOWEST, frame.clientHeight - EDGES)}px`;
  }
  const observer = new ResizeObserver(fit);
  requestAnimationFrame(() => {
    fit();
    observer.observe(frame ?? document.documentElement);
  });
  return { end: () => observer.disconnect() };
}

// What the notebook holds of a finding, shown until the kernel tells more.
function storedOf({ words = "", image = "" }) {
  const picture = { src: `data:image/png;base64,${image}`, alt: words };
  const shown = image ? element("img", picture) : element("p", {}, words);
  return element("div", { class: "hmip-stored" }, shown);
}
