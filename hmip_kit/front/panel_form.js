// The live panel's form: the same boxes as on a page; what is chosen goes to the kernel, counts and
// words come back.

function frameIn(el) {
  const heading = element("p", { class: "hmip-label" });
  const status = element("p", { class: "hmip-status", role: "status" });
  const code = element("code");
  const choices = element("div", { class: "hmip-choices" });
  el.classList.add("hmip-panel-form");
  el.append(heading, status, codeLine(code), choices);
  return { heading, status, code, choices };
}

function codeLine(code) {
  const copy = element("button", { type: "button", class: "hmip-button" }, "Copy");
  copy.addEventListener("click", () => navigator.clipboard?.writeText(code.textContent));
  return element("p", { class: "hmip-code-line" }, code, " ", copy);
}

function viewOf(model, el) {
  const { heading, status, code, choices } = frameIn(el);
  const changed = (name, value, chosen) => model.send({ name, value, chosen });
  const { form, set } = filterForm(choices, changed, () => model.send({ reset: true }));

  function show({ shown }) {
    heading.textContent = shown.label;
    heading.hidden = !shown.label;
    status.textContent = shown.sentence;
    code.textContent = shown.code;
    set(shown.groups);
    form.hidden = !shown.groups.length;
  }
  return { show };
}

export default () => toldWidget(viewOf);
