// What follows from Yes and n, and the sentences made of such rows. The kit's Python does the same:
// both fill the patterns of sentences.json, and golden vectors in the tests keep the two one.

const NO_SHARE = { percent: null, low: null, high: null, bar: null, range: "" };

const capital = (words) => words[0].toUpperCase() + words.slice(1);
const halfUp = (value) => Math.floor(value + 0.5);
const casesWord = (n) => SENTENCES[n === 1 ? "case" : "cases"];
const wholeOf = (size) => ["no case", "one case"][size] ?? "all cases"; // the pattern for all
const numberWord = (count) => SENTENCES.numbers[count] ?? inDigits(count);

// A pattern of the sentences, filled with values; in thousands, with commas.
function say(pattern, values = {}) {
  return SENTENCES[pattern].replace(/\{(\w+)\}/g, (_, name) => inDigits(values[name]));
}

function wholePercent(yes, n) {
  return n ? say("percent", { percent: Math.floor((200 * yes + n) / (2 * n)) }) : "";
}

function listed(words) {
  if (words.length === 1) return words[0];
  return say("list", { first: words.slice(0, -1).join(", "), last: words.at(-1) });
}

// The interval of a share, in per cent.
function wilson(yes, n) {
  const share = yes / n;
  const { z } = SETTINGS;
  const stretch = 1 + (z * z) / n;
  const middle = (share + (z * z) / (2 * n)) / stretch;
  const spread = Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const half = (z / stretch) * spread;
  return [Math.max(0, middle - half) * 100, Math.min(1, middle + half) * 100];
}

// The range that the totals make possible, in per cent.
function possible(row) {
  const fewest = Math.max(0, row.total_yes + row.n - row.total_n);
  const most = Math.min(row.total_yes, row.n);
  return [(100 * fewest) / row.n, (100 * most) / row.n];
}

// A row with its share, its range and its words. how: {practice, narrowed, split}.
function withShares(row, how) {
  const blank = { ...row, ...NO_SHARE, bounds: boundsOf(row, how) };
  if (row.yes == null || row.n == null) {
    const hidden = say("hidden");
    return { ...blank, cases: hidden, share: hidden, text: hidden, uncounted_text: hidden };
  }
  const none = say("no count");
  const full = { ...blank, uncounted_text: uncountedSaid(row) };
  if (!row.n) return { ...full, cases: none, share: "", text: none };
  return { ...full, ...shareOf(row), ...rangeOf(blank) };
}

// What of all cases is not applicable or not recorded, each where it is more than one in ten.
function uncountedSaid({ yes, n, not_applicable: apart, not_recorded: blank }) {
  if (apart == null || blank == null || n + apart === 0) return "";
  const size = n + apart + blank;
  const words = [];
  if (SETTINGS.oneIn * apart > size) words.push(say("not applicable", { many: apart }));
  if (SETTINGS.oneIn * blank > size) {
    words.push(say("not recorded", { many: blank, low: yes, high: yes + blank, n: n + blank }));
  }
  return words.length ? listed(words) : "";
}

// Practice cases get no interval; under a filter they get the range that the totals make possible.
function boundsOf(row, { practice, narrowed, split }) {
  if (!practice) return "interval";
  return row.total_n != null && (narrowed || split) ? "possible" : "";
}

function shareOf({ yes, n }) {
  const percent = (100 * yes) / n;
  const share = wholePercent(yes, n);
  const cases = say("count", { yes, n });
  if (n < SETTINGS.fewestForABar) return { percent, cases, share: "", text: cases };
  return { percent, cases, share, bar: percent, text: say("text", { count: cases, share }) };
}

function rangeOf(row) {
  if (row.bounds === "possible") {
    const [low, high] = possible(row);
    const [fewest, most] = [low, high].map((end) => halfUp((end * row.n) / 100));
    const range = say("range of what is possible", { low: fewest, high: most, n: row.n });
    return { low, high, range };
  }
  if (row.bounds === "interval" && row.n >= SETTINGS.fewestForABar) {
    const [low, high] = wilson(row.yes, row.n);
    const range = say("range of an interval", { low: halfUp(low), high: halfUp(high) });
    return { low, high, range };
  }
  return {};
}

// A row's numbers in a sentence, with how sure one can be of them.
function sure(row) {
  if (row.yes == null) return say("hidden");
  const count = { count: row.cases, word: casesWord(row.n), share: row.share };
  const words = row.range ? rangedSaid(row, count) : sharedSaid(row, count);
  const uncounted = row.uncounted_text;
  return uncounted ? say("uncounted", { sure: words, uncounted }) : words;
}

function rangedSaid({ bounds, range }, count) {
  const kind = say(bounds, { confidence: SETTINGS.confidence });
  return say("sure, with a range", { ...count, kind, range });
}

function sharedSaid({ share }, count) {
  return say(share ? "sure, with a share" : "sure", count);
}

// The rows with the lowest share of enough cases, all under a tie.
function lowest(rows) {
  const known = rows.filter((row) => row.bar != null);
  const least = Math.min(...known.map((row) => row.bar));
  return known.filter((row) => row.bar === least);
}

// The title of a finding. how: its recount; about: as for `said`.
function titled(finding, rows, about) {
  if (finding.recount.words !== "lowest") return finding.title;
  if (!about.practice) return lowestTitle(rows);
  return say("made-up title", { practice: about.practice, title: capital(about.cases) });
}

function lowestTitle(rows) {
  const low = lowest(rows);
  const there = rows.filter((row) => row.n > 0).length;
  if (!low.length) return there ? say("none named", few()) : say("no cases");
  if (low.length === there && there > 1) {
    return say("all alike", { many: numberWord(there), each: eachOf(low) });
  }
  if (low.length > 2) return manyLowest(low, rows);
  const words = low.map(({ label, cases, n }) => ({ label, count: cases, word: casesWord(n) }));
  if (low.length === 2 && low[0].cases === low[1].cases) {
    return say("two lowest", { ...words[0], labels: listed(words.map((one) => one.label)) });
  }
  return say("lowest", { named: listed(words.map((one) => say("lowest named", one))) });
}

function manyLowest(low, rows) {
  const many = numberWord(rows.filter((row) => row.bar != null).length);
  return say("many lowest", { some: numberWord(low.length), many, each: eachOf(low) });
}

function few() {
  return { fewest: numberWord(SETTINGS.fewestForABar) };
}

// At what several rows stand that have one share: of few cases, their count.
function eachOf(tied) {
  const [{ share, cases }] = tied;
  if (tied.every((row) => row.n >= SETTINGS.fewestForAPercentage)) return say("at", { share });
  const alike = tied.every((row) => row.cases === cases);
  return alike ? say("of each", { count: cases }) : say("at one share");
}

function lowestSaid(rows) {
  const low = lowest(rows);
  if (!low.length) {
    return rows.some((row) => row.n > 0) ? say("none named said", few()) : say("nothing");
  }
  if (isAlike(low, rows)) return say("alike said", { sure: sure(low[0]) });
  const named = low.slice(0, 2).map(namedRow);
  return say("lowest said", { named: named.join("; "), more: moreSaid(low, 2) });
}

// Whether all rows with cases have one and the same count.
function isAlike(low, rows) {
  const there = rows.filter((row) => row.n > 0).length;
  return low.length === there && there > 1 && low.every((row) => row.cases === low[0].cases);
}

// Between which counts made-up rows lie: no row of them is named before others.
function countsSaid(rows) {
  const some = rows.filter((row) => row.bar != null);
  if (!some.length) return lowestSaid(rows);
  const [low, high] = [Math.min, Math.max].map((end) => {
    const percent = end(...some.map((row) => row.percent));
    return some.find((row) => row.percent === percent).cases;
  });
  return say("made-up counts", { low, high });
}

function namedRow(row) {
  return say("named", { label: row.label, sure: sure(row) });
}

// How many rows stand beside those that are named, all at one share.
function moreSaid(rows, named) {
  if (rows.length <= named) return "";
  return say("more", { many: numberWord(rows.length - named), each: eachOf(rows) });
}

const SAID = { lowest: lowestSaid, each: eachSaid, answered: answeredSaid };
SAID["every stage"] = (rows) => eachSaid(rows.filter((row) => row.stages === row.of_stages));

// The sentence of a finding. about: {cases: "19 of 42 cases (sex: Female)", size, practice: its
// name or ""}.
function said(rows, words, { cases, size, practice }) {
  const opening = practice ? say("made up", { cases }) : say("opening", { cases: capital(cases) });
  const madeUp = practice && (words === "lowest" || rows.length > SETTINGS.mostListed);
  const sayer = madeUp && ["lowest", "each"].includes(words) ? countsSaid : SAID[words];
  return opening + smallSaid(size, sayer(rows));
}

// What is said, with a warning where it is of few cases.
function smallSaid(size, what) {
  const small = size > 0 && size < SETTINGS.fewestForAPercentage && what !== say("nothing");
  return small ? say("small group", { said: what }) : what;
}

function eachSaid(rows) {
  const shown = rows.filter((row) => row.n > 0);
  const hidden = rows.some((row) => row.yes == null);
  if (!shown.length) return say(hidden ? "all hidden" : "nothing");
  if (shown.length > SETTINGS.mostListed) return endsSaid(shown, hidden);
  const each = shown.map((row) => say("each", { label: row.label, sure: sure(row) }));
  return say("each said", { each: each.join(". ") });
}

// Of many rows, those at the two ends.
function endsSaid(shown, hidden) {
  const large = shown.filter((row) => row.bar != null);
  if (!large.length) {
    return say("all small", { many: capital(numberWord(shown.length)), ...few() });
  }
  const [low, high] = [Math.min, Math.max].map((end) => endSaid(large, end));
  return say(hidden ? "ends of those shown" : "ends", { low, high });
}

function endSaid(rows, end) {
  const percent = end(...rows.map((row) => row.percent));
  const there = rows.filter((row) => row.percent === percent);
  return namedRow(there[0]) + moreSaid(there, 1);
}

// In how many cases of each group a question was answered, at most.
function answeredSaid(rows) {
  const sizes = new Map();
  for (const { group, n } of rows.filter((row) => row.n != null)) {
    sizes.set(group, Math.max(n, sizes.get(group) ?? 0));
  }
  const each = [...sizes].map(([group, size]) =>
    say("answered group", { group, size, word: casesWord(size) }),
  );
  return say("answered", { groups: each.length ? listed(each) : say("no group") });
}
