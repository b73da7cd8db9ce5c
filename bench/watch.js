// Put into every page that is measured: when its pictures are drawn, and when they are painted again after a click.
window.bench = (() => {
  const roots = (node) => [node, ...[...node.querySelectorAll("*")].filter((one) => one.shadowRoot).flatMap((one) => roots(one.shadowRoot))];
  const all = (chosen) => roots(document).flatMap((root) => [...root.querySelectorAll(chosen)]);
  const there = (one) => one.tagName !== "IMG" || (one.complete && one.naturalWidth > 0);

  // Milliseconds from the page's start to the frame after so many pictures are there; null where they never are.
  const drawn = (chosen, wanted) => new Promise((done) => {
    const look = () => {
      if (all(chosen).filter(there).length >= wanted) requestAnimationFrame(() => done(performance.now()));
      else if (performance.now() > 10_000) done(null);
      else setTimeout(look, 4);
    };
    look();
  });

  // Milliseconds from a click to the frame that shows the last new words of the pictures in view, and of all; and how many changed.
  const changed = (control, place, chosen) => new Promise((done) => {
    const words = () => all(chosen).map((one) => [...one.querySelectorAll("text")].map((text) => text.textContent).join("|"));
    const inView = () => all(chosen).map((one) => { const box = one.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; });
    const clicked = all(control)[place], painted = [];
    let start = Infinity, last = 0, shown = [], were = words();
    const frame = () => { // frames go on before the click, so that it falls anywhere between two
      const now = performance.now() - start;
      words().forEach((text, i) => { if (text !== were[i]) [were[i], painted[i], last] = [text, now, now]; });
      if (now < (last ? last + 200 : 1000)) return requestAnimationFrame(frame);
      return done([Math.max(0, ...painted.filter((_, i) => shown[i])), last, painted.filter(Boolean).length]);
    };
    clicked.scrollIntoView({ block: "start" });
    requestAnimationFrame(frame);
    setTimeout(() => {
      [shown, start] = [inView(), performance.now()];
      clicked.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    }, 80 + 17 * Math.random());
  });
  const count = (chosen) => all(chosen).length;
  return { drawn, changed, count };
})();
