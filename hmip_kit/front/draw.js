// Draws a Vega-Lite specification once; afterwards it is only given other rows.

const ONLY_ERRORS = 1; // as Vega numbers its levels: an empty picture is no reason to warn a reader

function ignored() {
  return this;
}

const LOGGER = {
  level: ignored,
  warn: ignored,
  info: ignored,
  debug: ignored,
  error(...words) {
    console.error(...words);
    return this;
  },
};

// A picture is one image with its words: its marks have no names of their own.
const PLAIN = { actions: false, defaultStyle: false, tooltip: false, config: { aria: false } };
const STRICT = { ast: true, mode: "vega-lite", logger: LOGGER, logLevel: ONLY_ERRORS };

const WIDEST = 900; // points: beyond it a picture has no more to show

// Draws rows in a place, as wide as the place is and becomes.
async function draw(place, spec, rows) {
  const drawing = { place, spec, rows, said: "" };
  await embed(drawing);
  // One change after the other: rows and widths may come while a picture is drawn.
  let last = Promise.resolve();
  const next = (step) => (last = last.then(step, step));
  const watch = new ResizeObserver(() => next(() => fit(drawing)));
  watch.observe(place);

  function end() {
    watch.disconnect();
    return next(() => drawing.shown.finalize());
  }
  const told = (words) => named(Object.assign(drawing, { said: words }));
  return { describe: told, redraw: (more) => next(() => refill(drawing, more)), end };
}

function refill(drawing, rows) {
  drawing.rows = rows;
  return drawing.shown.view.signal("rows", rows).runAsync();
}

// Takes the width that the place has now; what is out of sight has none.
async function fit(drawing) {
  const { place, spec, shown } = drawing;
  const width = widthOf(place);
  if (!width || width === drawing.width) return;
  if (sized(spec, width) !== sized(spec, drawing.width)) {
    shown.finalize();
    await embed(drawing);
  } else {
    drawing.width = width;
    await shown.view.width(width).resize().runAsync();
  }
}

function widthOf(place) {
  return Math.min(Math.floor(place.clientWidth), WIDEST);
}

// How high a picture of a width is: of a row, else of all.
function sized(spec, width) {
  const steps = spec.params.find((one) => one.name === "steps")?.value ?? [];
  return steps.find(({ below }) => width < below);
}

async function embed(drawing) {
  const { place, spec, rows } = drawing;
  const params = spec.params.map((one) => (one.name === "rows" ? { ...one, value: rows } : one));
  const { $schema, title, ...plain } = spec;
  const width = widthOf(place) || spec.width;
  const high = sized(spec, width);
  const height = high?.height ?? (high ? { step: high.step } : spec.height);
  const options = { ...PLAIN, ...STRICT, renderer: "svg" };
  const sizes = { width, height, padding: { top: 2, bottom: 1, left: 0, right: 0 } };
  drawing.width = width;
  drawing.shown = await vegaEmbed(place, { ...plain, ...sizes, params }, options);
  named(drawing);
}

// A picture is one image with its words; its numbers are in the table.
function named({ place, said }) {
  const image = place.querySelector("svg");
  image?.querySelector("g")?.setAttribute("aria-hidden", "true");
  if (image && said) describe(image, said);
}

function describe(image, words) {
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", words);
}
