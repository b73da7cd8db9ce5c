// The filter form: a group of boxes per characteristic, each box with its count. Live and on the
// page alike.

// groups: [{name, label, values: [{value, count, chosen}]}]; `changed(name, value, chosen)` and
// `reset()` are called back.
function filterForm(place, changed, reset) {
  const form = element("form", { class: "hmip-form" });
  const button = resetButton(reset);
  let shape = "";
  let fields = [];

  function build(groups) {
    fields = groups.map((group) => fieldOf(group, changed));
    const sets = fields.map((field) => field.fieldset);
    form.replaceChildren(...sets, ...(groups.length ? [button] : []));
  }
  function set(groups) {
    const now = shapeOf(groups);
    if (now !== shape) build(groups);
    shape = now;
    groups.forEach((group, position) => fields[position].set(group.values));
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  place.append(form);
  return { form, set };
}

function resetButton(reset) {
  const button = element("button", { type: "button", class: "hmip-reset" }, "Reset");
  button.addEventListener("click", reset);
  return button;
}

// The names and values of groups, without what changes: the boxes stay while these do.
function shapeOf(groups) {
  const named = groups.map(({ name, values }) => [name, values.map((choice) => choice.value)]);
  return JSON.stringify(named);
}

function fieldOf({ name, label, values }, changed) {
  const boxes = values.map(({ value }) => boxOf(value, (chosen) => changed(name, value, chosen)));
  const legend = element("legend", {}, label);
  const fieldset = element("fieldset", {}, legend, ...boxes.map((box) => box.label));
  const set = (choices) => choices.forEach((choice, position) => boxes[position].set(choice));
  return { fieldset, set };
}

function boxOf(value, changed) {
  const input = element("input", { type: "checkbox", value });
  const words = element("span", { class: "hmip-value" }, value);
  const count = element("span", { class: "hmip-count" });
  const label = element("label", {}, input, words, " ", count);
  input.addEventListener("change", () => changed(input.checked));

  function set(choice) {
    input.checked = choice.chosen;
    input.disabled = !choice.count && !choice.chosen;
    label.classList.toggle("hmip-none", input.disabled);
    count.textContent = String(choice.count);
  }
  return { label, set };
}
