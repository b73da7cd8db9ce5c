// The rail of filters: how many cases are in sight, what is chosen, and a group of boxes for each
// characteristic. Live and on a page alike.

const OPEN_GROUPS = 2;
const railNames = (function* names() {
  for (let place = 1; ; place += 1) yield `hmip-rail-${place}`;
})();

// how: {choose(name, value, chosen), reset(), single}, the first two called back; `single` says
// that one choice is made at a time. Gives `set({size, whole, groups})`: how many cases are in
// sight, of how many, and [{name, label, values: [{value, count, chosen}]}].
function railIn(place, how) {
  const head = element("p", { class: "hmip-size" });
  const chips = element("ul", { class: "hmip-chips" });
  const form = element("form", { class: "hmip-form" });
  const toggle = toggleOf(place);
  const boxes = boxesIn(form, { ...how, group: railNames.next().value });
  form.addEventListener("submit", (event) => event.preventDefault());
  place.prepend(toggle, head, chips, form);

  function set(shown) {
    head.textContent = shown.size;
    toggle.textContent = `${shown.size}. Filter`;
    toggle.hidden = !shown.groups.length;
    chips.replaceChildren(...chipsOf(shown.groups, how));
    boxes(shown);
  }
  return { set };
}

// On a narrow screen the rail is one line that opens.
function toggleOf(place) {
  const flip = (button) => {
    const opened = place.classList.toggle("hmip-opened");
    button.setAttribute("aria-expanded", String(opened));
  };
  return buttonOf("", flip, { class: "hmip-toggle", "aria-expanded": "false" });
}

function chipsOf(groups, { choose, reset }) {
  const chosen = groups.flatMap((one) => chosenOf(one, choose));
  if (!chosen.length) return [];
  const all = buttonOf("Show all cases", reset, { class: "hmip-chip hmip-reset" });
  return [...chosen, element("li", {}, all)];
}

function chosenOf({ name, label, values }, choose) {
  const chosen = values.filter((one) => one.chosen);
  return chosen.map(({ value }) => {
    const chip = buttonOf(`${value} ×`, () => choose(name, value, false), { class: "hmip-chip" });
    chip.setAttribute("aria-label", `Take back ${label}: ${value}`);
    return element("li", {}, chip);
  });
}

// Gives a way to set the boxes of a form; they stay while their names and values do.
function boxesIn(form, how) {
  let shape = "";
  let fields = [];

  function build({ groups, whole }) {
    fields = groups.map((one, at) => fieldOf(one, { ...how, whole, opened: at < OPEN_GROUPS }));
    const all = how.single && groups.length ? [allOf(how, whole)] : [];
    form.replaceChildren(...all, ...fields.map((field) => field.outer));
  }
  return (shown) => {
    const now = shapeOf(shown.groups);
    if (now !== shape) build(shown);
    shape = now;
    shown.groups.forEach((one, at) => fields[at].set(one.values));
    const everything = form.querySelector(".hmip-everything input");
    if (everything) everything.checked = !form.querySelector("fieldset input:checked");
  };
}

function shapeOf(groups) {
  const named = groups.map(({ name, values }) => [name, values.map((choice) => choice.value)]);
  return JSON.stringify(named);
}

function allOf({ group, reset }, whole) {
  const input = element("input", { type: "radio", name: group, value: "" });
  input.addEventListener("change", reset);
  const words = element("span", { class: "hmip-value" }, "All cases");
  const count = element("span", { class: "hmip-count" }, inDigits(whole));
  return element(
    "label",
    { class: "hmip-box hmip-everything" },
    input,
    words,
    element("span"),
    count,
  );
}

function fieldOf({ name, label, values }, how) {
  const boxes = values.map(({ value }) => boxOf(name, value, how));
  const legend = element("legend", {}, label);
  const fieldset = element("fieldset", {}, legend, ...boxes.map((box) => box.label));
  const outer = element("details", { class: "hmip-group" }, element("summary", {}, label));
  outer.open = how.opened;
  outer.append(fieldset);

  function set(choices) {
    choices.forEach((choice, position) => boxes[position].set(choice));
    if (choices.some((choice) => choice.chosen)) outer.open = true;
  }
  return { outer, set };
}

function boxOf(name, value, { choose, single, whole, group }) {
  const kind = single ? { type: "radio", name: group } : { type: "checkbox" };
  const input = element("input", { ...kind, value });
  const words = element("span", { class: "hmip-value" }, value);
  const filled = element("i");
  const bar = element("span", { class: "hmip-bar", "aria-hidden": "true" }, filled);
  const count = element("span", { class: "hmip-count" });
  const label = element("label", { class: "hmip-box" }, input, words, bar, " ", count);
  input.addEventListener("change", () => choose(name, value, input.checked));

  function set(choice) {
    input.checked = choice.chosen;
    input.disabled = !choice.count && !choice.chosen;
    label.classList.toggle("hmip-none", input.disabled);
    count.textContent = inDigits(choice.count);
    filled.style.width = whole ? `${(100 * choice.count) / whole}%` : "0";
  }
  return { label, set };
}
