// The live panel's cases: a page of rows at a time, and all answers of one case.

function controlsOf(model) {
  const button = element("button", { type: "button", class: "hmip-button" });
  const page = element("input", { type: "number", min: "1", value: "1" });
  const pages = element("label", { class: "hmip-pages" }, "Page ", page);
  const chosen = element("select");
  const choice = element("label", {}, "Read case ", chosen);
  button.addEventListener("click", () => model.send({ opened: button.ariaExpanded !== "true" }));
  page.addEventListener("change", () => model.send({ page: Number(page.value) }));
  chosen.addEventListener("change", () => model.send({ chosen: chosen.value }));
  return { button, page, pages, chosen, choice };
}

function tableOf({ caption, columns, rows }) {
  const named = Object.fromEntries(columns.map((name) => [name, name]));
  const head = element("thead", {}, tableHead(named));
  const body = element("tbody", {}, ...tableBody(named, rows));
  const table = element("table", { class: "hmip-cases-table" });
  table.append(element("caption", {}, caption), head, body);
  return element("div", { class: "hmip-table" }, table);
}

function viewOf(model, el) {
  const controls = controlsOf(model);
  const place = element("div", {});
  el.classList.add("hmip-panel-cases");
  el.append(controls.button, place);

  function show({ shown }) {
    controls.button.ariaExpanded = String(shown.opened);
    controls.button.textContent = shown.opened ? "Hide the cases" : "Show the cases";
    place.replaceChildren(...(shown.opened ? opened(controls, shown) : []));
  }
  return { show };
}

function opened({ page, pages, chosen, choice }, shown) {
  page.max = String(shown.pages);
  page.value = String(shown.page);
  const options = shown.ids.map((id) => element("option", { value: id }, id));
  chosen.replaceChildren(...options);
  chosen.value = shown.chosen;
  const answers = shown.answers ? [tableOf(shown.answers)] : [];
  return [pages, tableOf(shown.table), choice, ...answers];
}

export default () => toldWidget(viewOf);
