// Counts that a page adds up: a cube, the cases that meet some choices, the rows that they make.

const NEED = "need"; // the name under which needs are filtered by

function mapped(named, change) {
  return Object.fromEntries(Object.entries(named).map(([name, one]) => [name, change(one)]));
}

// A cube, with the total of a key among the cases that meet all of some choices, each a name and
// values of which any will do. "group/<name>/<value>/<key>" is a key's total among a group.
function counted(given) {
  const cube = { ...given, met: new WeakMap() }; // the cells by choices: the same for many keys
  const places = new Map(cube.tallies.keys.map((key, place) => [key, place]));
  const count = cube.tallies.single ? lookedUp : addedUp;

  function total(key, choices) {
    const [kind, name, written, ...rest] = key.split("/");
    if (kind !== "group") return count(cube, places.get(key), choices);
    return total(rest.join("/"), [...choices, [name, [decodeURIComponent(written)]]]);
  }
  return { ...cube, total };
}

function addedUp({ tallies, met, ...cube }, place, choices) {
  const cells = met.get(choices) ?? tallies.cells.filter((cell) => meets(cube, cell, choices));
  met.set(choices, cells);
  return cells.reduce((sum, cell) => sum + cell.counts[place], 0);
}

function meets(cube, cell, choices) {
  return choices.every(([name, wanted]) => {
    const position = cube.characteristics.findIndex((one) => one.name === name);
    const { values } = cube.characteristics[position];
    return [cell.at[position]].flat().some((place) => wanted.includes(values[place]));
  });
}

// Where tallies are kept for the whole and for one value at a time, nothing else has a total.
function lookedUp(cube, place, choices) {
  const chosen = pairsOf(choices);
  if (chosen.length > 1) return null;
  const counts = cube.tallies.single[chosen.length ? chosen[0].join("\n") : ""];
  return counts ? counts[place] : null;
}

function pairsOf(choices) {
  return choices.flatMap(([name, values]) => values.map((value) => [name, value]));
}

// Two lists of choices together: of one characteristic the values that both choose. A case can have
// several needs, so that two choices of needs both stand; so do two without a shared value.
function together(choices, more) {
  const found = [...choices];
  for (const [name, values] of more) {
    const mine = name === NEED ? -1 : found.findIndex(([one]) => one === name);
    const shared = mine < 0 ? [] : found[mine][1].filter((value) => values.includes(value));
    if (shared.length) found[mine] = [name, shared];
    else if (!found.some((one) => isSame(one, [name, values]))) found.push([name, values]);
  }
  return found;
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// What the counts of the cases that meet some choices are of, for sentences and the form's status.
function about(cube, choices) {
  const size = cube.total("all", choices);
  const chosen = choicesSaid(cube, choices);
  const whole = { some: size, size: cube.size, word: casesWord(cube.size), chosen };
  const cases = say(chosen ? "some cases" : wholeOf(cube.size), whole);
  return { size, practice: cube.practice, cases };
}

function choicesSaid(cube, choices) {
  const words = new Map();
  for (const [name, values] of choices) {
    words.set(name, [...(words.get(name) ?? []), values.join(" or ")]);
  }
  const said = [...words].map(([name, each]) => {
    const { label } = cube.characteristics.find((one) => one.name === name);
    return `${label[0].toLowerCase()}${label.slice(1)}: ${each.join(" and ")}`;
  });
  return said.join("; ");
}

function rowsOf(finding, cube, choices) {
  const { split } = finding.recount;
  const how = { practice: Boolean(cube.practice), narrowed: choices.length > 0, split };
  const size = cube.total("all", choices);
  return finding.rows.map((row, position) => {
    const counts = countsOf(finding.recount, position, (key) => cube.total(key, choices));
    return withShares({ ...row, ...counts, ...restOf(counts, size) }, how);
  });
}

function countsOf(recount, position, total) {
  const columns = ["yes", "n", "not_recorded"].filter((one) => recount[one].length);
  return Object.fromEntries(columns.map((one) => [one, total(recount[one][position])]));
}

// Of a question that all cases were asked, what is neither counted nor left blank does not apply.
function restOf({ n, not_recorded: blank }, size) {
  if (blank === undefined) return {};
  return { not_applicable: n == null || blank == null ? null : size - n - blank };
}

// A finding as `chosen` cases make it: it keeps the filter that it was made with.
function recounted(finding, cube, chosen) {
  const choices = together(finding.where, chosen);
  const { words } = finding.recount;
  const whose = about(cube, choices);
  const rows = rowsOf(finding, cube, choices);
  return {
    rows,
    title: titled(finding, rows, whose),
    sentence: said(rows, words, whose),
    cases: whose.cases,
  };
}
