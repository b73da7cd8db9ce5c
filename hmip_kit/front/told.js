// What the kernel tells a widget by message, kept here: it is no part of the widget's state, which
// is saved with the notebook. Until something is told, a view shows what was stored.

const ASK_AGAIN = 3000; // milliseconds

// `viewOf(model, el)` gives `show(told, news)` and, where there is something to end, `end()`;
// `join` puts news to what was told.
function toldWidget(viewOf, join = Object.assign) {
  const told = {};
  const views = new Set();

  function render({ model, el }) {
    const view = viewOf(model, el);
    views.add(view);
    model.send({ views: views.size });
    if (Object.keys(told).length) view.show(told, told);
    else model.send({ ask: "all" });
    return () => {
      views.delete(view);
      model.send({ views: views.size });
      view.end?.();
    };
  }
  const initialize = ({ model }) =>
    model.on("msg:custom", (news) => hear({ told, join }, views, news));
  return { initialize, render };
}

function hear({ told, join }, views, { vega, answer, ...news }) {
  if (vega) vegaHere().take(vega);
  if (answer) views.forEach((view) => view.answer(answer));
  if (!Object.keys(news).length) return;
  join(told, news);
  views.forEach((view) => view.show(told, news));
}

// Vega is told once and kept for all widgets of the browser's page: it is too large for each.
function vegaHere() {
  globalThis.hmipVega ??= vegaToCome();
  return globalThis.hmipVega;
}

function vegaToCome() {
  const here = { asked: 0, taken: false };
  here.ready = new Promise((done) => {
    here.take = (text) => {
      if (here.taken) return;
      here.taken = true;
      const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      done(import(address).then((made) => made.vegaEmbed));
    };
  });
  return here;
}

function askForVega(model) {
  const here = vegaHere();
  if (here.taken || Date.now() - here.asked < ASK_AGAIN) return;
  here.asked = Date.now();
  model.send({ ask: "vega" });
}

const vegaEmbed = async (...given) => (await vegaHere().ready)(...given);
