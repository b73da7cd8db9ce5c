// The live panel's rail: the same boxes as on a page; what is chosen goes to the kernel, counts and
// words come back.

const LONGEST_WAIT = 2000; // milliseconds for an answer
const NO_ANSWER = "Not connected: run this cell again.";

function frameIn(el, choose, reset) {
  const label = element("p", { class: "hmip-tag" });
  const place = element("div", { class: "hmip-rail" });
  const status = element("p", { class: "hmip-quiet", role: "status" });
  const code = element("code");
  const copy = buttonOf("Copy code", () => copied(code, copy), { class: "hmip-action" });
  const line = element("details", {}, element("summary", {}, "As code"), code, " ", copy);
  const rail = railIn(place, { choose, reset });
  place.prepend(label);
  place.append(status, line);
  el.classList.add("hmip-panel-form");
  el.append(place);
  return { label, status, code, line, rail };
}

async function copied(code, button) {
  await navigator.clipboard.writeText(code.textContent);
  button.textContent = "Copied";
}

// Gives a way to ask the kernel for something; where no answer comes, `giveUp` is called.
function askerOf(model, giveUp) {
  let timer = 0;
  const answered = () => clearTimeout(timer);
  function ask(wanted) {
    answered();
    timer = setTimeout(giveUp, LONGEST_WAIT);
    model.send(wanted); // fails where there is no kernel to send it to
  }
  return { ask, answered };
}

function viewOf(model, el) {
  let last = null;
  const { ask, answered } = askerOf(model, () => {
    if (last) frame.rail.set(last); // nothing stays ticked that has no effect
    frame.status.textContent = NO_ANSWER;
  });
  const choose = (name, value, chosen) => ask({ name, value, chosen });
  const frame = frameIn(el, choose, () => ask({ reset: true }));
  const sight = keptInSight(el);

  function show({ shown }) {
    answered();
    last = shown;
    write(frame, shown);
  }
  return { show, end: sight.end };
}

function write({ label, status, code, line, rail }, shown) {
  label.textContent = shown.label;
  label.hidden = !shown.label;
  status.textContent = shown.sentence;
  code.textContent = shown.code;
  line.hidden = !shown.groups.length;
  rail.set(shown);
}

export default () => toldWidget(viewOf);
