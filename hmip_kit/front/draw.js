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

async function draw(place, spec, rows) {
  const params = spec.params.map((one) => (one.name === "rows" ? { ...one, value: rows } : one));
  const { $schema, title, ...plain } = spec;
  const options = { ...PLAIN, ...STRICT, renderer: "svg" };
  const drawn = await vegaEmbed(place, { ...plain, params }, options);
  const image = place.querySelector("svg");
  image?.querySelector("g")?.setAttribute("aria-hidden", "true"); // its numbers are in the table
  const redraw = (more) => drawn.view.signal("rows", more).runAsync();
  const end = () => drawn.finalize();
  return { describe: (words) => image && describe(image, words), redraw, end };
}

function describe(image, words) {
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", words);
}
