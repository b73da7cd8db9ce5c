// A shared page: the form filters, tallies are added up, each finding follows as far as it says.
// What is chosen stands after "#".

const NEED = "need"; // the name under which needs are filtered by
const data = JSON.parse(document.getElementById("hmip-data").textContent);
const cubes = mapped(data.cubes, counted);
const forms = Object.values(cubes).map(formOf);
const drawings = new Map();
let state = {}; // the chosen values of each characteristic, in the form's order
let turn = 0;

function mapped(named, change) {
  return Object.fromEntries(Object.entries(named).map(([name, one]) => [name, change(one)]));
}

// A cube, with the total of a key among the cases that meet all of some choices, each a name and
// values of which any will do. "group/<name>/<value>/<key>" is a key's total among a group.
function counted(cube) {
  const places = new Map(cube.tallies.keys.map((key, place) => [key, place]));
  const count = cube.tallies.single ? lookedUp : addedUp;

  function total(key, choices) {
    const [kind, name, written, ...rest] = key.split("/");
    if (kind !== "group") return count(cube, places.get(key), choices);
    return total(rest.join("/"), [...choices, [name, [decodeURIComponent(written)]]]);
  }
  return { ...cube, total };
}

function addedUp(cube, place, choices) {
  const met = cube.tallies.cells.filter((cell) => meets(cube, cell, choices));
  return met.reduce((sum, cell) => sum + cell.counts[place], 0);
}

function meets(cube, cell, choices) {
  return choices.every(([name, wanted]) => {
    const position = cube.characteristics.findIndex((one) => one.name === name);
    const { values } = cube.characteristics[position];
    return [cell.at[position]].flat().some((place) => wanted.includes(values[place]));
  });
}

// Where tallies are kept for the whole and for one value at a time, nothing else has a total.
function lookedUp(cube, place, choices) {
  const chosen = pairsOf(choices);
  if (chosen.length > 1) return null;
  const counts = cube.tallies.single[chosen.length ? chosen[0].join("\n") : ""];
  return counts ? counts[place] : null;
}

function pairsOf(choices) {
  return choices.flatMap(([name, values]) => values.map((value) => [name, value]));
}

// The choices of the reader, among the characteristics that a cube has.
function chosenIn(cube) {
  const named = new Set(cube.characteristics.map((one) => one.name));
  return Object.entries(state).filter(([name]) => named.has(name));
}

// Two lists of choices together: of one characteristic the values that both choose. A case can have
// several needs, so that two choices of needs both stand; so do two without a shared value.
function together(choices, more) {
  const found = [...choices];
  for (const [name, values] of more) {
    const mine = name === NEED ? -1 : found.findIndex(([one]) => one === name);
    const shared = mine < 0 ? [] : found[mine][1].filter((value) => values.includes(value));
    if (shared.length) found[mine] = [name, shared];
    else if (!found.some((one) => isSame(one, [name, values]))) found.push([name, values]);
  }
  return found;
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// What the counts of the cases that meet some choices are of, for sentences and the form's status.
function about(cube, choices) {
  const size = cube.total("all", choices);
  const chosen = choicesSaid(cube, choices);
  const whole = { some: size, size: cube.size, word: casesWord(cube.size), chosen };
  const all = ["no case", "one case"][cube.size] ?? "all cases";
  const cases = say(chosen ? "some cases" : all, whole);
  return { size, practice: cube.practice, cases };
}

function choicesSaid(cube, choices) {
  const words = new Map();
  for (const [name, values] of choices) {
    words.set(name, [...(words.get(name) ?? []), values.join(" or ")]);
  }
  const said = [...words].map(([name, each]) => {
    const { label } = cube.characteristics.find((one) => one.name === name);
    return `${label[0].toLowerCase()}${label.slice(1)}: ${each.join(" and ")}`;
  });
  return said.join("; ");
}

function statusOf(whose) {
  const start = whose.practice ? "Made-up cases: showing" : "Showing";
  const none = whose.size === 0 ? " No case is left: choose fewer filters." : "";
  return smallSaid(whose.size, `${start} ${whose.cases}.`) + none;
}

function rowsOf(finding, cube, choices) {
  const { split } = finding.recount;
  const how = { practice: Boolean(cube.practice), narrowed: choices.length > 0, split };
  const size = cube.total("all", choices);
  return finding.rows.map((row, position) => {
    const counts = countsOf(finding.recount, position, (key) => cube.total(key, choices));
    return withShares({ ...row, ...counts, ...restOf(counts, size) }, how);
  });
}

function countsOf(recount, position, total) {
  const columns = ["yes", "n", "not_recorded"].filter((one) => recount[one].length);
  return Object.fromEntries(columns.map((one) => [one, total(recount[one][position])]));
}

// Of a question that all cases were asked, what is neither counted nor left blank does not apply.
function restOf({ n, not_recorded: blank }, size) {
  if (blank === undefined) return {};
  return { not_applicable: n == null || blank == null ? null : size - n - blank };
}

// A finding as the chosen cases make it: it keeps the filter that it was made with.
function recounted(finding, cube) {
  const choices = together(finding.where, chosenIn(cube));
  const { words } = finding.recount;
  const whose = about(cube, choices);
  const rows = rowsOf(finding, cube, choices);
  return {
    rows,
    title: titled(finding, rows, whose),
    sentence: said(rows, words, whose),
    cases: whose.cases,
  };
}

// Writes what follows into a finding's place; returns what its picture follows, or null.
function follow(finding) {
  const cube = cubes[finding.inspection];
  const place = document.getElementById(finding.id);
  const chosen = Boolean(cube) && chosenIn(cube).length > 0;
  place.classList.toggle("hmip-stale", chosen && !finding.recount);
  if (!cube || !finding.recount) return null;
  const { rows, title, sentence, cases } = chosen ? recounted(finding, cube) : finding;
  place.querySelector(".hmip-title").textContent = title;
  place.querySelector(".hmip-sentence").textContent = sentence;
  place.querySelector(".hmip-cases").textContent = cases;
  place.querySelector("tbody").replaceChildren(...tableBody(finding.columns, rows));
  return { rows, words: `${title}. ${sentence}` };
}

async function show(finding) {
  const change = follow(finding);
  const drawing = await drawings.get(finding.id);
  if (drawing && change) {
    drawing.describe(change.words);
    await drawing.redraw(change.rows);
  }
}

function formOf(cube) {
  const place = document.getElementById(`hmip-form-${cube.name}`);
  const choices = place.querySelector(".hmip-choices");
  const status = place.querySelector("[role=status]");
  return { cube, status, form: filterForm(choices, choose, () => go({})) };
}

function groupsOf(cube) {
  return cube.characteristics.map(({ name, label, values }) => {
    const choices = values.map((value) => choiceOf(cube, name, value));
    return { name, label, values: choices };
  });
}

function choiceOf(cube, name, value) {
  const others = cube.tallies.single ? [] : chosenIn(cube).filter(([one]) => one !== name);
  const chosen = Boolean(state[name]?.includes(value));
  const count = cube.total("all", [...others, [name, [value]]]);
  return { value, chosen, count };
}

// What a reader has in view comes first, the rest after it is painted.
async function update() {
  turn += 1;
  const mine = turn;
  const inView = data.findings.filter(isInView);
  const others = data.findings.filter((finding) => !inView.includes(finding));
  for (const { cube, status, form } of forms) {
    form.set(groupsOf(cube));
    status.textContent = statusOf(about(cube, chosenIn(cube)));
  }
  document.body.classList.toggle("hmip-narrowed", Object.keys(state).length > 0);
  await Promise.all(inView.map(show));
  if (!document.hidden) await painted();
  if (mine !== turn) return; // another choice came meanwhile, and shows everything
  await Promise.all(others.map(show));
  document.dispatchEvent(new CustomEvent("hmip-shown"));
}

function painted() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
  });
}

function isInView(finding) {
  const box = document.getElementById(finding.id).getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

function choose(name, value, chosen) {
  const before = data.single ? {} : state;
  const kept = (before[name] ?? []).filter((one) => one !== value);
  go({ ...before, [name]: chosen ? [...kept, value] : kept });
}

// A choice without names and values that no form has, in the form's order.
function inOrder(choice) {
  const ordered = {};
  for (const { name, values } of forms.flatMap(({ cube }) => cube.characteristics)) {
    const chosen = values.filter((value) => choice[name]?.includes(value));
    if (chosen.length) ordered[name] = chosen;
  }
  return ordered;
}

function go(choice) {
  const params = new URLSearchParams(pairsOf(Object.entries(inOrder(choice))));
  location.hash = `?${params}`; // an empty one would send the reader to the top of the page
}

function read() {
  const written = location.hash.startsWith("#?") ? location.hash.slice(2) : "";
  const found = {};
  for (const [name, value] of new URLSearchParams(written)) {
    found[name] ??= [];
    found[name].push(value);
  }
  state = inOrder(found);
  return update();
}

async function drawingOf(finding) {
  const place = document.getElementById(finding.id).querySelector(".hmip-picture");
  const canvas = element("div", { class: "hmip-drawn" });
  place.append(canvas);
  const drawing = await draw(canvas, finding.spec, finding.rows);
  drawing.describe(`${finding.title}. ${finding.sentence}`);
  place.classList.add("hmip-live");
  // on a narrow screen a picture keeps a size at which it can be read, and is scrolled by key
  if (place.scrollWidth > place.clientWidth) place.tabIndex = 0;
  return drawing;
}

function toggleCode(button) {
  const shown = document.body.classList.toggle("hmip-code-shown");
  button.setAttribute("aria-expanded", String(shown));
}

function begin() {
  for (const finding of data.findings) {
    if (finding.spec) drawings.set(finding.id, drawingOf(finding));
  }
  document.documentElement.classList.add("hmip-script");
  const button = document.getElementById("hmip-code");
  button?.addEventListener("click", () => toggleCode(button));
  addEventListener("hashchange", () => {
    if (location.hash.length < 2 || location.hash.startsWith("#?")) read();
  });
  read();
}

begin();
