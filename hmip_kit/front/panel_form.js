// The live panel's form: the same boxes as on a page; what is chosen goes to the kernel, counts and words come back.

function render({ model, el }) {
  const heading = element("p", { class: "hmip-label" });
  const status = element("p", { class: "hmip-status", role: "status" });
  const code = element("code");
  const copy = element("button", { type: "button", class: "hmip-button" }, "Copy");
  copy.addEventListener("click", () => navigator.clipboard?.writeText(code.textContent));
  const choices = element("div", { class: "hmip-choices" });
  el.classList.add("hmip-panel-form");
  el.append(heading, status, element("p", { class: "hmip-code-line" }, code, " ", copy), choices);
  const form = filterForm(choices, (name, value, chosen) => model.send({ name, value, chosen }), () => model.send({ reset: true }));
  const show = () => {
    const { groups, sentence, label, code: text } = model.get("shown");
    heading.textContent = label;
    heading.hidden = !label;
    status.textContent = sentence;
    code.textContent = text;
    form.set(groups);
    form.form.hidden = !groups.length;
  };
  model.on("change:shown", show);
  show();
}

export default { render };
