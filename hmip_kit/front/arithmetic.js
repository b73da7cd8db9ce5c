// What follows from Yes and n, and the sentences made of such rows. The same as `measures/shares.py`: golden vectors keep the two one.

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const FEWEST_FOR_A_BAR = 10;
const FEWEST_FOR_A_PERCENTAGE = 20;
const Z = 1.959963984540054; // the 97.5th percentile of the normal distribution

const MOST_LISTED = 6;

const capital = (words) => words[0].toUpperCase() + words.slice(1);
const halfUp = (value) => Math.floor(value + 0.5);
const wholePercent = (yes, n) => (n ? `${Math.floor((200 * yes + n) / (2 * n))}%` : "");
const casesWord = (n) => (n === 1 ? "case" : "cases");
const numberWord = (count) => NUMBERS[count] ?? String(count);
const listed = (words) => (words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

function wilson(yes, n) {
  const p = yes / n, middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
  const half = (Z / (1 + Z * Z / n)) * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
  return [Math.max(0, middle - half) * 100, Math.min(1, middle + half) * 100];
}

function allowed(row) {
  return [Math.max(0, row.total_yes + row.n - row.total_n), Math.min(row.total_yes, row.n)].map((count) => 100 * count / row.n);
}

// `narrowed`: practice cases under a filter, which get the range that the published totals allow in the interval's place.
function withShares(row, { practice, narrowed, split }) {
  const ranged = practice && (narrowed || split);
  const stated = !practice || row.total_n != null;
  const done = { ...row, percent: null, low: null, high: null, bar: null, bounds: stated ? (ranged ? "allowed" : "wilson95") : "", range: "" };
  if (row.yes == null || row.n == null) return { ...done, cases: "[c]", share: "[c]", text: "[c]" };
  if (!row.n) return { ...done, cases: "no cases", share: "", text: "no cases" };
  done.percent = 100 * row.yes / row.n;
  const some = row.n >= FEWEST_FOR_A_BAR;
  if (some) done.bar = done.percent;
  if (stated && (ranged || some)) [done.low, done.high] = ranged ? allowed(row) : wilson(row.yes, row.n);
  done.cases = `${row.yes} of ${row.n}`;
  done.share = wholePercent(row.yes, row.n);
  done.text = some ? `${done.cases} (${done.share})` : done.cases;
  if (done.low != null) done.range = ranged
    ? `${halfUp(done.low * row.n / 100)} to ${halfUp(done.high * row.n / 100)} of ${row.n}` : `${halfUp(done.low)}% to ${halfUp(done.high)}%`;
  return done;
}

function sure(row) {
  if (row.yes == null) return "[c]";
  const count = `${row.cases} ${casesWord(row.n)}`;
  if (!row.range) return row.n >= FEWEST_FOR_A_BAR ? `${count} (${row.share})` : count;
  return `${count} (${row.share}; ${row.bounds === "allowed" ? "the report allows" : "95% interval"} ${row.range})`;
}

function lowest(rows) {
  const some = rows.filter((row) => row.n > 0 && row.percent != null);
  const least = Math.min(...some.map((row) => row.percent));
  return some.filter((row) => row.percent === least);
}

function lowestTitle(rows, practice) {
  const low = lowest(rows), start = practice ? `${practice}. ` : "";
  if (!low.length) return `${start}No cases to show`;
  if (low.length === rows.length && rows.length > 1) return `${start}All ${numberWord(rows.length)} stand at ${low[0].share}`;
  if (low.length > 2) return `${start}Lowest, at ${low[0].share}: ${numberWord(low.length)} of ${numberWord(rows.length)}`;
  return `${start}Lowest: ${listed(low.map((row) => `${row.label}, ${row.cases} ${casesWord(row.n)}`))}`;
}

function lowestSaid(rows) {
  const low = lowest(rows);
  if (!low.length) return "There is nothing to count: choose fewer filters.";
  const more = low.length > 2 ? `; and ${numberWord(low.length - 2)} more at ${low[0].share}` : "";
  return `Lowest: ${low.slice(0, 2).map((row) => `${row.label}, ${sure(row)}`).join("; ")}${more}.`;
}

// about: {cases: "19 of 42 cases (sex: Female)", size, practice: name or ""}
function said(rows, words, about) {
  const start = about.practice ? `In made-up cases: ${about.cases}.` : `${about.cases[0].toUpperCase()}${about.cases.slice(1)}.`;
  const small = about.size > 0 && about.size < FEWEST_FOR_A_PERCENTAGE ? " A small group: read the counts, not the percentages." : "";
  if (words === "lowest") return `${start} ${lowestSaid(rows)}${small}`;
  return `${start} ${eachSaid(rows)}${small}`;
}

function eachSaid(rows) {
  const shown = rows.filter((row) => row.n > 0), hidden = rows.some((row) => row.yes == null);
  if (!shown.length) return hidden ? "Counts are not shown [c]." : "There is nothing to count.";
  if (shown.length <= MOST_LISTED) return `${shown.map((row) => `${row.label}: ${sure(row)}`).join("; ")}.`;
  const some = shown.filter((row) => row.bar != null), at = (end) => some.filter((row) => row.percent === end(...some.map((one) => one.percent)));
  if (!some.length) return `${capital(numberWord(shown.length))} groups, each under ${FEWEST_FOR_A_BAR} cases or not shown.`;
  const of = hidden ? " of those shown" : "";
  return `Lowest${of}: ${endSaid(at(Math.min))}. Highest${of}: ${endSaid(at(Math.max))}.`;
}

function endSaid(rows) {
  const more = rows.length > 1 ? `; and ${numberWord(rows.length - 1)} more at ${rows[0].share}` : "";
  return `${rows[0].label}, ${sure(rows[0])}${more}`;
}
