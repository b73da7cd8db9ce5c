// Put into every page that is measured: when its pictures are drawn, and when they are painted
// again after a click.
window.bench = (() => {
  const FRAME = 17; // milliseconds, about
  const LONGEST_WAIT = 10_000;

  // A node, and the roots of the shadow trees below it.
  function roots(node) {
    const hosts = [...node.querySelectorAll("*")].filter((one) => one.shadowRoot);
    return [node, ...hosts.flatMap((host) => roots(host.shadowRoot))];
  }

  function all(chosen) {
    return roots(document).flatMap((root) => Array.from(root.querySelectorAll(chosen)));
  }

  function count(chosen) {
    return all(chosen).length;
  }

  function isThere(picture) {
    return picture.tagName !== "IMG" || (picture.complete && picture.naturalWidth > 0);
  }

  function isInView(picture) {
    const box = picture.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  }

  function wordsOf(picture) {
    return [...picture.querySelectorAll("text")].map((text) => text.textContent).join("|");
  }

  // Milliseconds from the page's start to the frame after so many pictures are there; null where
  // they never are.
  function drawn(chosen, wanted) {
    return timeUntil(() => all(chosen).filter(isThere).length >= wanted);
  }

  // The same of the first screen: every place in view has its picture.
  function firstScreen(places, chosen) {
    return timeUntil(() => {
      const inView = all(places).filter(isInView);
      return inView.length > 0 && inView.every((one) => one.querySelector(chosen));
    });
  }

  // Which of the places are in view.
  function viewed(places) {
    return all(places).map(isInView);
  }

  function timeUntil(isDone) {
    return new Promise((done) => {
      function look() {
        if (isDone()) requestAnimationFrame(() => done(performance.now()));
        else if (performance.now() > LONGEST_WAIT) done(null);
        else setTimeout(look, 4);
      }
      look();
    });
  }

  // Milliseconds from a click to the frame that shows the last new words of the pictures in view,
  // and of all; and how many changed.
  async function changed(control, place, chosen) {
    const clicked = all(control)[place];
    const words = all(chosen).map(wordsOf);
    const seen = { start: Infinity, last: 0, words, painted: [], inView: [] };
    clicked.scrollIntoView({ block: "start" });
    const settled = untilSettled(seen, chosen);
    await new Promise((soon) => {
      setTimeout(soon, 80 + FRAME * Math.random());
    });
    seen.inView = all(chosen).map(isInView);
    seen.start = performance.now();
    clicked.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    await settled;
    const inView = seen.painted.filter((_, position) => seen.inView[position]);
    return [Math.max(0, ...inView), seen.last, seen.painted.filter(Boolean).length];
  }

  // Frames go on before the click, so that it falls anywhere between two.
  function untilSettled(seen, chosen) {
    return new Promise((done) => {
      function frame() {
        const now = performance.now() - seen.start;
        note(seen, all(chosen).map(wordsOf), now);
        if (now < (seen.last ? seen.last + 200 : 1000)) requestAnimationFrame(frame);
        else done();
      }
      requestAnimationFrame(frame);
    });
  }

  function note(seen, words, now) {
    words.forEach((text, position) => {
      if (text === seen.words[position]) return;
      seen.words[position] = text;
      seen.painted[position] = now;
      seen.last = now;
    });
  }

  return { drawn, firstScreen, viewed, changed, count };
})();
