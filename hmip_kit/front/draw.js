// Draws a Vega-Lite specification once; afterwards it is only given other rows.

const ONLY_ERRORS = 1; // as Vega numbers its levels: an empty picture is no reason to warn a reader
const quiet = { warn() { return this; }, info() { return this; }, debug() { return this; }, error(...said) { console.error(...said); return this; }, level() { return this; } };

async function draw(place, spec, rows) {
  const params = spec.params.map((one) => (one.name === "rows" ? { ...one, value: rows } : one));
  const { $schema, title, ...plain } = spec;
  const drawn = await vegaEmbed(place, { ...plain, params }, {
    ast: true, actions: false, defaultStyle: false, tooltip: false, renderer: "svg", logger: quiet, logLevel: ONLY_ERRORS, mode: "vega-lite",
    config: { aria: false }, // a picture is one image with its words; its marks have no names of their own
  });
  const named = place.querySelector("svg");
  named?.querySelector("g")?.setAttribute("aria-hidden", "true"); // the picture is one image, named by its words; its numbers are in the table
  const describe = (words) => named && (named.setAttribute("role", "img"), named.setAttribute("aria-label", words));
  return {
    describe,
    redraw: (more) => drawn.view.signal("rows", more).runAsync(),
    end: () => drawn.finalize(),
  };
}
