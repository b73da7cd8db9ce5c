// A shared page: what is chosen in a rail holds in every part. The part in sight, and the choices,
// stand after "#".

const ENOUGH = 8; // milliseconds: what a picture may take without being felt
const WHOLE = "[]"; // no choices
const PATIENCE = 100; // milliseconds that a busy browser may let the next picture wait
const { cubes: given } = JSON.parse(document.getElementById("hmip_cubes").textContent);
const cubes = mapped(given, counted);
const parts = new Map(); // by name: {findings, rails}
let state = {}; // the chosen values of each characteristic, in the rails' order
let current = "";
let turn = 0;

// The choices of the reader, among the characteristics that a cube has.
function chosenIn(cube) {
  const named = new Set(cube.characteristics.map((one) => one.name));
  return Object.entries(state).filter(([name]) => named.has(name));
}

function sizeSaid(cube) {
  const { size } = about(cube, chosenIn(cube));
  const word = casesWord(cube.size);
  const what = cube.practice ? say("practice", { word }) : word;
  const whole = { some: size, size: cube.size, word: what };
  if (!chosenIn(cube).length) return capital(say(wholeOf(cube.size), whole));
  return say(size == null ? "hidden in sight" : "some in sight", whole);
}

function statusOf(whose) {
  const start = whose.practice ? "Made-up cases: showing" : "Showing";
  const none = whose.size === 0 ? " No case is left: choose fewer filters." : "";
  return smallSaid(whose.size, `${start} ${whose.cases}.`) + none;
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

function railOf(place) {
  const cube = cubes[place.dataset.cube];
  const rail = railIn(place, { choose, reset: () => go({}), single: Boolean(cube.tallies.single) });
  const set = () => rail.set({ size: sizeSaid(cube), whole: cube.size, groups: groupsOf(cube) });
  return { cube, set };
}

// Takes up the parts whose HTML and data have come.
function takeAll() {
  spread();
  for (const data of document.querySelectorAll(".hmip-data")) {
    const { name, findings } = JSON.parse(data.textContent);
    if (!parts.has(name)) {
      const rails = [...document.getElementById(name).querySelectorAll(".hmip-rail")].map(railOf);
      parts.set(name, { findings: findings.map(taken), rails });
    }
  }
}

function taken(finding) {
  return { ...finding, card: cardIn(document.getElementById(finding.id), finding), told: null };
}

// Writes what follows into a finding's card, and draws it; asked again meanwhile, it draws once.
function show(finding) {
  const cube = cubes[finding.inspection];
  const chosen = cube ? chosenIn(cube) : [];
  finding.card.place.classList.toggle("hmip-stale", chosen.length > 0 && !finding.recount);
  const told = finding.recount ? JSON.stringify(chosen) : WHOLE;
  if (finding.told === told) return finding.drawing;
  const before = finding.told ?? WHOLE; // the HTML has the whole
  finding.told = told;
  if (told !== WHOLE) finding.card.write(recounted(finding, cube, chosen));
  else if (before !== WHOLE) finding.card.write(finding);
  finding.drawing = finding.card.draw(finding.spec);
  return finding.drawing;
}

// What a reader has in view comes first; the rest when there is nothing else to do.
async function update() {
  turn += 1;
  const mine = turn;
  const all = [...parts.values()].flatMap((part) => part.findings);
  const inView = all.filter(isInView);
  document.body.classList.toggle("hmip-narrowed", Object.keys(state).length > 0);
  await Promise.all(inView.map(show));
  parts.get(current)?.rails.forEach((rail) => rail.set());
  tell();
  const others = all.filter((one) => !inView.includes(one));
  if (!(await showWhenFree(others, () => mine !== turn))) return;
  for (const part of parts.values()) part.rails.forEach((rail) => rail.set());
  document.dispatchEvent(new CustomEvent("hmip-shown"));
}

// Shows findings one after another; gives up, and says so, when another choice `came` meanwhile.
async function showWhenFree(findings, came) {
  let free = await idle();
  for (const finding of findings) {
    if (free.timeRemaining() < ENOUGH) free = await idle(); // oxlint-disable-line no-await-in-loop
    if (came()) return false;
    await show(finding); // oxlint-disable-line no-await-in-loop
  }
  return true;
}

function idle() {
  return new Promise((done) => {
    if (globalThis.requestIdleCallback) requestIdleCallback(done, { timeout: PATIENCE });
    else setTimeout(() => done({ timeRemaining: () => 0 }));
  });
}

// Says to who cannot see it which cases are shown, where they can be chosen.
function tell() {
  const [rail] = parts.get(current)?.rails ?? [];
  const words = rail ? statusOf(about(rail.cube, chosenIn(rail.cube))) : "";
  const status = document.querySelector(".hmip-status");
  if (status.textContent !== words) status.textContent = words;
}

function isInView({ id }) {
  const place = document.getElementById(id);
  if (place.closest(".hmip-part").hidden) return false;
  const box = place.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

function choose(name, value, chosen) {
  const before = isSingle(name) ? {} : state;
  const kept = (before[name] ?? []).filter((one) => one !== value);
  go({ ...before, [name]: chosen ? [...kept, value] : kept });
}

// Whether only one value at a time has counts: on pages for sharing.
function isSingle(name) {
  const has = (cube) => cube.characteristics.some((one) => one.name === name);
  return Object.values(cubes).some((cube) => has(cube) && cube.tallies.single);
}

// A choice without names and values that no rail has, in the rails' order, and without what has no
// counts.
function inOrder(choice) {
  const ordered = {};
  for (const { name, values } of Object.values(cubes).flatMap((cube) => cube.characteristics)) {
    const wanted = Object.hasOwn(choice, name) ? choice[name] : [];
    const chosen = values.filter((value) => wanted.includes(value));
    if (chosen.length) ordered[name] = chosen;
  }
  const [first] = Object.keys(ordered);
  return first && isSingle(first) ? { [first]: ordered[first].slice(0, 1) } : ordered;
}

// An address without "?" would send the reader to the top.
function go(choice, part = current) {
  location.hash = `${part}?${new URLSearchParams(pairsOf(Object.entries(inOrder(choice))))}`;
}

// What an address says: a place, and whether choices stand there, and which.
function addressed() {
  const [name, ...written] = location.hash.slice(1).split("?");
  const choice = Object.create(null);
  for (const [characteristic, value] of new URLSearchParams(written.join("?"))) {
    choice[characteristic] = [...(choice[characteristic] ?? []), value];
  }
  return { name, stated: written.length > 0, choice };
}

function read() {
  const { name, stated, choice } = addressed();
  const [first] = parts.keys();
  const part = partWith(name, (stated && current) || first);
  const whole = !stated && name === part; // else a choice, or a place within a part
  if (stated || whole || !name) state = inOrder(choice);
  openPart(part, name, whole);
  return update();
}

function openPart(part, name, whole) {
  const moved = part !== current;
  current = part;
  putInSight(part);
  if (whole || (name && moved)) leadTo(name, part);
}

// A part is opened with the choices that were made.
function keepChoices(event) {
  const link = event.target.closest?.(LINKS);
  if (!link || !Object.keys(state).length) return;
  event.preventDefault();
  go(state, link.hash.slice(1));
}

// Who scrolls before the page is idle sees what comes into view drawn first.
function showInView() {
  const there = parts.get(current)?.findings ?? [];
  there.filter(isInView).forEach(show);
}

function begin() {
  document.documentElement.classList.add("hmip-script");
  addMenu();
  takeAll();
  read();
  addEventListener("DOMContentLoaded", () => {
    takeAll();
    read();
  });
  addEventListener("hashchange", read);
  addEventListener("beforeprint", openForPrint);
  document.addEventListener("click", keepChoices);
  document.addEventListener("scroll", showInView, { passive: true });
  document.addEventListener("beforematch", ({ target }) => {
    location.hash = target.closest(".hmip-part")?.id ?? "";
  });
}

begin();
