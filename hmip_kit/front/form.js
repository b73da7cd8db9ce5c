// The filter form: a group of boxes per characteristic, each box with its count. Live and on the page alike.
// groups: [{name, label, values: [{value, count, chosen}]}]; `changed(name, value, chosen)` and `reset()` are called back.

function filterForm(place, changed, reset, { single = false } = {}) {
  const boxes = new Map();
  const form = element("form", { class: "hmip-form" });
  form.addEventListener("submit", (event) => event.preventDefault());
  const button = element("button", { type: "button", class: "hmip-reset" }, "Reset");
  button.addEventListener("click", reset);

  function box(group, choice) {
    const input = element("input", { type: "checkbox", value: choice.value });
    const words = element("span", { class: "hmip-value" }, choice.value);
    const count = element("span", { class: "hmip-count" });
    input.addEventListener("change", () => changed(group.name, choice.value, input.checked));
    boxes.set(`${group.name}\n${choice.value}`, { input, count });
    return element("label", {}, input, words, " ", count);
  }

  function build(groups) {
    boxes.clear();
    const fields = groups.map((group) => element("fieldset", {}, element("legend", {}, group.label), ...group.values.map((choice) => box(group, choice))));
    form.replaceChildren(...fields, ...(groups.length ? [button] : []));
  }

  let shape = "";
  return {
    form: (place.append(form), form),
    single,
    set(groups) {
      const now = JSON.stringify(groups.map((group) => [group.name, group.values.map((choice) => choice.value)]));
      if (now !== shape) build(groups);
      shape = now;
      for (const group of groups) {
        for (const choice of group.values) {
          const { input, count } = boxes.get(`${group.name}\n${choice.value}`);
          input.checked = choice.chosen;
          input.disabled = !choice.count && !choice.chosen;
          input.parentElement.classList.toggle("hmip-none", input.disabled);
          count.textContent = String(choice.count);
        }
      }
    },
  };
}
