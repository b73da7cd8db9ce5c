// One finding, live: what was stored until the kernel tells what there is.

function viewOf(model, el) {
  const frame = frameOf();
  const finding = findingIn(frame);
  el.classList.add("hmip-live");
  el.append(storedOf(model.get("stored")));

  async function show({ shown, spec }) {
    el.replaceChildren(frame.body);
    await finding.set(shown, spec);
    el.dataset.painted = "1";
  }
  askForVega(model);
  return { show, end: finding.end };
}

export default () => toldWidget(viewOf);
