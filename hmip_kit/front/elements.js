// Makes elements out of text: what comes from data is never read as HTML.

function element(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (typeof value === "boolean") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...inside);
  return made;
}

function buttonOf(words, clicked, attributes = {}) {
  const made = element("button", { type: "button", ...attributes }, words);
  made.addEventListener("click", () => clicked(made));
  return made;
}

// A number in digits, in thousands with commas; what else there is stays as it is.
function inDigits(value) {
  return typeof value === "number" ? value.toLocaleString("en-GB") : value;
}
