// One finding, live: what was stored until the kernel tells what there is.

function viewOf(model, el) {
  const stored = storedOf(model.get("stored"));
  const finding = liveCardIn(el, (wanted) => model.send(wanted));
  el.classList.add("hmip-finding");
  el.append(stored);

  async function show({ shown, spec }) {
    stored.remove();
    await finding.set(shown, spec);
    el.dataset.painted = String(Number(el.dataset.painted ?? 0) + 1);
  }
  askForVega(model);
  return { show, answer: finding.answer, end: finding.end };
}

export default () => toldWidget(viewOf);
