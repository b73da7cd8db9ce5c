// A shared page: the form filters, tallies are added up, each finding follows as far as its scope says. The state stands after "#".

const data = JSON.parse(document.getElementById("hmip-data").textContent);
const sets = Object.fromEntries(Object.entries(data.sets).map(([name, set]) => [name, counted(set)]));
const drawings = new Map();
let state = {};
let turn = 0;

// One set of tallies: where = {characteristic: [values]}; a key counts in the cells that meet it, or is looked up.
function counted(set) {
  const at = new Map(set.tallies.keys.map((key, place) => [key, place]));
  const places = set.characteristics.map((one) => one.name);
  const meets = (cell, where) => places.every((name, i) => !where[name]?.length || [cell.at[i]].flat().some((place) => where[name].includes(set.characteristics[i].values[place])));
  function total(key, where) {
    const [kind, name, value, ...rest] = key.split("/");
    if (kind === "group") return total(rest.join("/"), { ...where, [name]: (where[name]?.length ? where[name] : [decodeURIComponent(value)]).filter((one) => one === decodeURIComponent(value)), never: where[name]?.length && !where[name].includes(decodeURIComponent(value)) });
    if (where.never) return 0;
    if (set.tallies.single) return single(key, where);
    return set.tallies.cells.reduce((sum, cell) => (meets(cell, where) ? sum + cell.counts[at.get(key)] : sum), 0);
  }
  function single(key, where) {
    const chosen = Object.entries(where).filter(([, values]) => Array.isArray(values) && values.length);
    if (chosen.length > 1 || chosen[0]?.[1].length > 1) return null;
    const counts = set.tallies.single[chosen.length ? `${chosen[0][0]}\n${chosen[0][1][0]}` : ""];
    return counts ? counts[at.get(key)] : null;
  }
  return { ...set, total };
}

const narrowed = () => Object.values(state).some((values) => values.length);

function about(set) {
  const size = set.total("all", state);
  const labels = set.characteristics.filter((one) => state[one.name]?.length).map((one) => `${one.label[0].toLowerCase()}${one.label.slice(1)}: ${state[one.name].join(" or ")}`);
  const whole = `${set.size} ${casesWord(set.size)}`;
  return { size, practice: set.practice, cases: labels.length ? `${size} of ${whole} (${labels.join("; ")})` : `all ${whole}` };
}

function rowsOf(finding, set) {
  const how = { practice: Boolean(set.practice), narrowed: narrowed(), split: finding.follow.split };
  return finding.rows.map((row, i) => withShares({
    ...row, yes: set.total(finding.follow.yes[i], state), n: set.total(finding.follow.n[i], state),
  }, how));
}

function follow(finding) {
  const set = sets[finding.inspection.name];
  const place = document.getElementById(finding.id);
  const on = narrowed() && set;
  place.classList.toggle("hmip-stale", Boolean(on) && !finding.follow);
  if (!set || !finding.follow) return null;
  const whose = about(set);
  const rows = on ? rowsOf(finding, set) : finding.rows;
  const title = on ? (finding.follow.words === "lowest" ? lowestTitle(rows, set.practice) : `${set.practice ? `${set.practice}. ` : ""}${finding.measure}`) : finding.title;
  const sentence = on ? said(rows, finding.follow.words, whose) : finding.sentence;
  place.querySelector(".hmip-title").textContent = title;
  place.querySelector(".hmip-sentence").textContent = sentence;
  place.querySelector(".hmip-cases").textContent = on ? whose.cases : finding.cases;
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

const formed = Object.values(sets).map((set) => {
  const place = document.getElementById(`hmip-form-${set.name}`);
  return { set, status: place.querySelector("[role=status]"), form: filterForm(place.querySelector(".hmip-choices"), choose, () => go({})) };
});

function groupsOf(set) {
  return set.characteristics.map((one) => ({
    name: one.name, label: one.label,
    values: one.values.map((value) => ({
      value, chosen: Boolean(state[one.name]?.includes(value)), count: set.total("all", { ...(set.tallies.single ? {} : state), [one.name]: [value] }),
    })),
  }));
}

// What a reader has in view comes first, the rest after it is painted.
async function update() {
  const mine = ++turn, inView = new Set(data.findings.filter(isInView));
  for (const { set, status, form } of formed) {
    form.set(groupsOf(set));
    const whose = about(set);
    status.textContent = `${whose.practice ? "Made-up cases: s" : "S"}howing ${whose.cases}.${whose.size > 0 && whose.size < FEWEST_FOR_A_PERCENTAGE ? " A small group: read the counts, not the percentages." : ""}${whose.size === 0 ? " No case is left: choose fewer filters." : ""}`;
  }
  document.body.classList.toggle("hmip-narrowed", narrowed());
  await Promise.all(data.findings.filter((finding) => inView.has(finding)).map(show));
  if (!document.hidden) await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  if (mine !== turn) return; // another choice came meanwhile, and shows everything
  await Promise.all(data.findings.filter((finding) => !inView.has(finding)).map(show));
  document.dispatchEvent(new CustomEvent("hmip-shown"));
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

const inOrder = (next) => Object.fromEntries(formed.flatMap(({ set }) => set.characteristics).filter((one) => next[one.name]?.length).map((one) => [one.name, one.values.filter((value) => next[one.name].includes(value))]).filter(([, values]) => values.length));

function go(next) {
  const params = new URLSearchParams(Object.entries(inOrder(next)).flatMap(([name, values]) => values.map((value) => [name, value])));
  location.hash = `?${params}`; // an empty one would send the reader to the top of the page
}

function read() {
  const params = new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "");
  const found = {};
  for (const [name, value] of params) (found[name] ??= []).push(value);
  state = inOrder(found);
  return update();
}

function toggleCode() {
  const button = document.getElementById("hmip-code");
  button?.addEventListener("click", () => {
    const shown = document.body.classList.toggle("hmip-code-shown");
    button.setAttribute("aria-expanded", String(shown));
  });
}

for (const finding of data.findings.filter((one) => one.spec)) {
  const place = document.getElementById(finding.id).querySelector(".hmip-picture");
  const canvas = element("div", { class: "hmip-drawn" });
  place.append(canvas);
  drawings.set(finding.id, draw(canvas, finding.spec, finding.rows).then((drawing) => {
    drawing.describe(`${finding.title}. ${finding.sentence}`);
    place.classList.add("hmip-live");
    if (place.scrollWidth > place.clientWidth) { // on a narrow screen a picture keeps a size at which it can be read
      place.tabIndex = 0;
    }
    return drawing;
  }));
}
document.documentElement.classList.add("hmip-script");
toggleCode();
addEventListener("hashchange", () => { if (!location.hash || location.hash === "#" || location.hash.startsWith("#?")) read(); });
read();
