// Two people, or two windows, change the same file: what both did is kept.
import { type Cells, type Row, type Runs, rowsWith, signatureOf, withColumns } from "../runs";

export interface Merged {
  runs: Runs;
  /** Cells that both have changed, of which ours were kept. */
  clashes: number;
}

/**
 * Return a table with what was done to it here and elsewhere since it was the same.
 *
 * Rows of a file have no names: which is which is found by what stands in them, and by their order where one was changed.
 */
export function merged(before: Runs, theirs: Runs, ours: Runs): Merged {
  const pairs = aligned(before.rows, theirs.rows);
  const old = new Map(before.rows.map((row) => [row.key, row]));
  const said = new Map(pairs.filter(([mine]) => mine !== undefined).map(([mine, other]) => [mine!.key, other]));
  let clashes = 0;
  const rows: Row[] = [];
  for (const row of ours.rows) {
    const base = old.get(row.key);
    const other = said.get(row.key);
    if (base === undefined || other === base || (other === undefined && !isSame(row.cells, base.cells))) {
      rows.push(row); // a row of ours, or one that they deleted and we changed
    } else if (other !== undefined) {
      const { cells, clashed } = mergedCells(base.cells, other.cells, row.cells);
      clashes += clashed;
      rows.push(isSame(cells, row.cells) ? row : { ...row, cells });
    }
  }
  const here = new Set(ours.rows.map(({ key }) => key));
  insertTheirs(rows, pairs, (base, other) => !here.has(base.key) && !isSame(base.cells, other.cells));
  const gone = (column: string) => before.columns.includes(column) && !theirs.columns.includes(column);
  const columns = ours.columns.filter(
    (column) => !gone(column) || rows.some(({ cells }) => (cells[column] ?? "") !== ""),
  );
  const added = theirs.columns.filter((column) => !before.columns.includes(column));
  return { runs: withColumns({ columns, rows }, added), clashes };
}

type Pair = readonly [mine: Row | undefined, other: Row | undefined];

// After the row that stands before them in their table. One that we deleted and they changed comes back.
function insertTheirs(rows: Row[], pairs: readonly Pair[], isBack: (base: Row, other: Row) => boolean): void {
  let after = 0;
  for (const [mine, other] of pairs) {
    const place = mine === undefined ? -1 : rows.findIndex(({ key }) => key === mine.key);
    if (place >= 0) {
      after = place + 1;
    } else if (other !== undefined && (mine === undefined || isBack(mine, other))) {
      rows.splice(after, 0, ...rowsWith([other.cells]));
      after += 1;
    }
  }
}

function mergedCells(base: Cells, theirs: Cells, ours: Cells): { cells: Cells; clashed: number } {
  const cells: Record<string, string> = { ...ours };
  let clashed = 0;
  for (const column of new Set([...Object.keys(base), ...Object.keys(theirs), ...Object.keys(ours)])) {
    const [was, other, own] = [base[column] ?? "", theirs[column] ?? "", ours[column] ?? ""];
    if (other === was || other === own) continue;
    if (own === was) cells[column] = other;
    else clashed += 1;
  }
  return { cells, clashed };
}

/** Pair the rows of two states of a table: the same ones, and between those, changed ones by their order. */
function aligned(before: readonly Row[], after: readonly Row[]): Pair[] {
  const [one, other] = [before, after].map((rows) => rows.map(({ cells }) => signatureOf(cells))) as [
    string[],
    string[],
  ];
  const pairs: Pair[] = [];
  let [left, right] = [0, 0];
  for (const [i, j] of [...common(one, other), [one.length, other.length] as const]) {
    const [gone, come] = [before.slice(left, i), after.slice(right, j)];
    const changed = gone.length === come.length ? gone.length : 0;
    for (let index = 0; index < changed; index += 1) pairs.push([gone[index], come[index]]);
    for (const row of gone.slice(changed)) pairs.push([row, undefined]);
    for (const row of come.slice(changed)) pairs.push([undefined, row]);
    if (i < one.length) pairs.push([before[i], before[i]]);
    [left, right] = [i + 1, j + 1];
  }
  return pairs;
}

/** Return the places of the longest common subsequence. */
function common(one: readonly string[], other: readonly string[]): [number, number][] {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  let [endOfOne, endOfOther] = [one.length, other.length];
  while (endOfOne > start && endOfOther > start && one[endOfOne - 1] === other[endOfOther - 1]) {
    endOfOne -= 1;
    endOfOther -= 1;
  }
  const found: [number, number][] = Array.from({ length: start }, (_, index) => [index, index]);
  const [rows, width] = [endOfOne - start, endOfOther - start];
  const longest = Array.from({ length: rows + 1 }, () => new Uint32Array(width + 1));
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = width - 1; j >= 0; j -= 1) {
      longest[i]![j] =
        one[start + i] === other[start + j]
          ? longest[i + 1]![j + 1]! + 1
          : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  for (let i = 0, j = 0; i < rows && j < width; ) {
    if (one[start + i] === other[start + j]) {
      found.push([start + i, start + j]);
      i += 1;
      j += 1;
    } else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) {
      i += 1;
    } else {
      j += 1;
    }
  }
  for (let back = endOfOne; back < one.length; back += 1) found.push([back, endOfOther + back - endOfOne]);
  return found;
}

function isSame(one: Cells, other: Cells): boolean {
  return signatureOf(one) === signatureOf(other);
}
