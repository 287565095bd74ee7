/** The known word that a person most likely meant, e.g. `cidr` for `cdir`; null when none is near. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const given = plain(word);
  let nearest: { word: string; distance: number } | null = null;
  for (const candidate of known) {
    const wanted = plain(candidate);
    const contained = given.length >= 3 && wanted.length >= 3 && (wanted.startsWith(given) || given.startsWith(wanted));
    const distance = contained ? 1 : distanceBetween(given, wanted);
    const most = Math.max(1, Math.floor(Math.max(given.length, wanted.length) / 3));
    if (distance <= most && (!nearest || distance < nearest.distance)) nearest = { word: candidate, distance };
  }
  return nearest?.word ?? null;
}

/** ` Did you mean “cidr”?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  return nearest === null ? "" : ` Did you mean “${nearest}”?`;
}

const plain = (word: string): string => word.slice(0, 40).toLowerCase().replace(/[-_ ]/g, "");

/** Damerau–Levenshtein (adjacent letters swapped count once); words are at most 40 letters. */
function distanceBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const [last = [], beforeLast = []] = [rows[i - 1], rows[i - 2]];
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? Infinity;
}
