// The elements of a live finding: title, words, picture, numbers. Filled, and filled again.

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

// Fills a frame with words and numbers; gives a way to set them again, with the picture.
function findingIn(frame) {
  const picture = pictureIn(frame.picture);

  async function set(shown, spec) {
    write(frame, shown);
    if (spec) await picture.set(spec, shown.rows, `${shown.title}. ${shown.sentence}`);
  }
  return { set, end: picture.end };
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

// What the notebook holds of a finding, shown until the kernel tells more.
function storedOf({ words = "", image = "" }) {
  const picture = { src: `data:image/png;base64,${image}`, alt: words };
  const shown = image ? element("img", picture) : element("p", {}, words);
  return element("div", { class: "hmip-stored" }, shown);
}
