// The parts of a page: one is in sight at a time, the others stay findable by the browser's search.

const LINKS = "#hmip_parts a[href^='#']";

// The part that an address leads into: its own name, or that of something in it.
function partWith(name, current) {
  const place = name ? document.getElementById(name) : null;
  return place?.closest(".hmip-part")?.id ?? current;
}

function putInSight(name) {
  for (const place of document.querySelectorAll(".hmip-part")) {
    if (place.id === name) place.removeAttribute("hidden");
    else place.setAttribute("hidden", "until-found");
  }
  const practice = document.getElementById(name)?.matches(".hmip-practice");
  document.body.dataset.part = practice ? "practice" : "";
  markCurrent(name);
  openMenu(false);
}

function markCurrent(name) {
  for (const link of document.querySelectorAll(LINKS)) {
    const mine = link.hash === `#${name}`;
    if (mine) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (mine) document.querySelector(".hmip-menu").textContent = `${link.textContent}: all parts`;
  }
}

// Leads to what an address names in a part that was just put in sight, else to the top.
function leadTo(name, part) {
  const place = document.getElementById(name);
  if (place && name !== part) place.scrollIntoView();
  else scrollTo(0, 0);
}

// On a narrow screen the parts are one line that opens.
function openMenu(wanted) {
  const menu = document.querySelector(".hmip-menu");
  menu.parentElement.classList.toggle("hmip-opened", wanted);
  menu.setAttribute("aria-expanded", String(wanted));
}

function addMenu() {
  const nav = document.querySelector(".hmip-nav .hmip-wide");
  const flip = () => openMenu(!nav.classList.contains("hmip-opened"));
  nav.prepend(buttonOf("", flip, { class: "hmip-menu" }));
}

// A grid's rows are a few pixels high, and a card takes as many as it needs: so cards of unequal
// height stand in two columns without holes, in their order.
const ROW = 4;
const BETWEEN = 18;
const heights = new ResizeObserver((changed) => {
  for (const { target, borderBoxSize } of changed) rowsFor(target, borderBoxSize[0].blockSize);
});

function rowsFor(one, height) {
  one.style.gridRowEnd = `span ${Math.ceil((height + BETWEEN) / ROW)}`;
}

// All stand in their places before anything asks what is in view.
function spread() {
  const found = [
    ...document.querySelectorAll(".hmip-section, .hmip-several > .hmip-cards > .hmip-card"),
  ];
  const high = found.map((one) => one.offsetHeight);
  found.forEach((one, at) => rowsFor(one, high[at]));
  found.forEach((one) => heights.observe(one));
}

function openForPrint() {
  for (const one of document.querySelectorAll(".hmip-numbers, .hmip-how")) one.open = true;
}
