// What follows from Yes and n, and the sentences made of such rows. The kit's Python does the same:
// golden vectors in the tests keep the two one.

const NUMBERS = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
];
const FEWEST_FOR_A_BAR = 10;
const FEWEST_FOR_A_PERCENTAGE = 20;
const MOST_LISTED = 6;
const Z = 1.959963984540054; // the 97.5th percentile of the normal distribution
const NO_SHARE = { percent: null, low: null, high: null, bar: null, range: "" };

const capital = (words) => words[0].toUpperCase() + words.slice(1);
const halfUp = (value) => Math.floor(value + 0.5);
const casesWord = (n) => (n === 1 ? "case" : "cases");
const numberWord = (count) => NUMBERS[count] ?? String(count);

function wholePercent(yes, n) {
  return n ? `${Math.floor((200 * yes + n) / (2 * n))}%` : "";
}

function listed(words) {
  if (words.length === 1) return words[0];
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

// The 95% interval of a share, in per cent.
function wilson(yes, n) {
  const share = yes / n;
  const stretch = 1 + (Z * Z) / n;
  const middle = (share + (Z * Z) / (2 * n)) / stretch;
  const spread = Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const half = (Z / stretch) * spread;
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
    return { ...blank, cases: "[c]", share: "[c]", text: "[c]" };
  }
  if (!row.n) return { ...blank, cases: "no cases", share: "", text: "no cases" };
  return { ...blank, ...shareOf(row), ...rangeOf(blank) };
}

// Practice cases under a filter get the range that the totals make possible in the interval's
// place.
function boundsOf(row, { practice, narrowed, split }) {
  if (practice && row.total_n == null) return "";
  return practice && (narrowed || split) ? "possible" : "interval";
}

function shareOf({ yes, n }) {
  const percent = (100 * yes) / n;
  const share = wholePercent(yes, n);
  const cases = `${yes} of ${n}`;
  if (n < FEWEST_FOR_A_BAR) return { percent, cases, share, text: cases };
  return { percent, cases, share, bar: percent, text: `${cases} (${share})` };
}

function rangeOf(row) {
  if (row.bounds === "possible") {
    const [low, high] = possible(row);
    const [fewest, most] = [low, high].map((end) => halfUp((end * row.n) / 100));
    return { low, high, range: `${fewest} to ${most} of ${row.n}` };
  }
  if (row.bounds === "interval" && row.n >= FEWEST_FOR_A_BAR) {
    const [low, high] = wilson(row.yes, row.n);
    return { low, high, range: `${halfUp(low)}% to ${halfUp(high)}%` };
  }
  return {};
}

// A row's numbers in a sentence, with how sure one can be of them.
function sure(row) {
  if (row.yes == null) return "[c]";
  const count = `${row.cases} ${casesWord(row.n)}`;
  if (!row.range) return row.n >= FEWEST_FOR_A_BAR ? `${count} (${row.share})` : count;
  const kind = row.bounds === "possible" ? "the totals make possible" : "95% interval";
  return `${count} (${row.share}; ${kind} ${row.range})`;
}

function lowest(rows) {
  const known = rows.filter((row) => row.n > 0 && row.percent != null);
  const least = Math.min(...known.map((row) => row.percent));
  return known.filter((row) => row.percent === least);
}

function lowestTitle(rows, practice) {
  const start = practice ? `${practice}. ` : "";
  return `${start}${lowestNamed(rows)}`;
}

function lowestNamed(rows) {
  const low = lowest(rows);
  if (!low.length) return "No cases to show";
  const all = numberWord(rows.length);
  if (low.length === rows.length && rows.length > 1) return `All ${all} stand at ${low[0].share}`;
  if (low.length > 2) return `Lowest, at ${low[0].share}: ${numberWord(low.length)} of ${all}`;
  const named = low.map((row) => `${row.label}, ${row.cases} ${casesWord(row.n)}`);
  return `Lowest: ${listed(named)}`;
}

function lowestSaid(rows) {
  const low = lowest(rows);
  if (!low.length) return "There is nothing to count: choose fewer filters.";
  const named = low.slice(0, 2).map((row) => `${row.label}, ${sure(row)}`);
  return `Lowest: ${named.join("; ")}${moreSaid(low, 2)}.`;
}

// How many rows stand beside those that are named, all at one share.
function moreSaid(rows, named) {
  if (rows.length <= named) return "";
  return `; and ${numberWord(rows.length - named)} more at ${rows[0].share}`;
}

// The sentence of a finding. about: {cases: "19 of 42 cases (sex: Female)", size, practice: its
// name or ""}.
function said(rows, words, about) {
  const start = about.practice ? `In made-up cases: ${about.cases}` : capital(about.cases);
  const counts = words === "lowest" ? lowestSaid(rows) : eachSaid(rows);
  return `${start}. ${counts}${smallSaid(about.size)}`;
}

function smallSaid(size) {
  const small = size > 0 && size < FEWEST_FOR_A_PERCENTAGE;
  return small ? " A small group: read the counts, not the percentages." : "";
}

function eachSaid(rows) {
  const shown = rows.filter((row) => row.n > 0);
  const hidden = rows.some((row) => row.yes == null);
  if (!shown.length) return hidden ? "Counts are not shown [c]." : "There is nothing to count.";
  if (shown.length > MOST_LISTED) return endsSaid(shown, hidden);
  return `${shown.map((row) => `${row.label}: ${sure(row)}`).join("; ")}.`;
}

// Of many rows, those at the two ends.
function endsSaid(shown, hidden) {
  const large = shown.filter((row) => row.bar != null);
  if (!large.length) {
    const groups = capital(numberWord(shown.length));
    return `${groups} groups, each under ${FEWEST_FOR_A_BAR} cases or not shown.`;
  }
  const of = hidden ? " of those shown" : "";
  const least = endSaid(large, Math.min);
  const most = endSaid(large, Math.max);
  return `Lowest${of}: ${least}. Highest${of}: ${most}.`;
}

function endSaid(rows, end) {
  const percent = end(...rows.map((row) => row.percent));
  const there = rows.filter((row) => row.percent === percent);
  return `${there[0].label}, ${sure(there[0])}${moreSaid(there, 1)}`;
}
