// A card of a live finding: made when the kernel first tells what there is, then filled again.

const EDGES = 24; // pixels of a cell's own edges, above and below what it shows
const LOWEST = 320; // pixels: below this nothing could be read
const FRAMES = ".jp-WindowedPanel-outer, .jp-Notebook, main";

function liveCardIn(place) {
  let card = null;
  async function set(shown, spec) {
    card ??= newCard(place, shown, Boolean(spec));
    card.write(shown);
    const notes = [...shown.notes, `Source: ${shown.source}`];
    const items = notes.map((note) => element("li", {}, note));
    card.place.querySelector(".hmip-notes").replaceChildren(...items);
    await card.draw(spec);
  }
  return { set, end: () => card?.end() };
}

function newCard(place, shown, pictured) {
  const made = cardMade();
  made.querySelector(".hmip-measure span").textContent = shown.measure;
  made.querySelector("thead").replaceChildren(tableHead(shown.columns));
  made.querySelector(".hmip-table").setAttribute("aria-label", `Table: ${shown.measure}`);
  made.querySelector(".hmip-numbers").open = !pictured;
  place.append(made);
  return cardIn(made, shown);
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
