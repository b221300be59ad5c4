/** The names that are most like a misspelt one, the best first; none when nothing is near. */
export function nearestNames(name: string, known: Iterable<string>, limit = 3): readonly string[] {
  const most = Math.max(1, Math.floor(name.length / 4));
  const near: { readonly name: string; readonly distance: number }[] = [];
  for (const other of known) {
    if (Math.abs(other.length - name.length) > most) continue;
    const distance = editDistance(name, other, most);
    if (distance <= most) near.push({ name: other, distance });
  }
  return near.sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name)).slice(0, limit).map((entry) => entry.name);
}

/** How many characters must be inserted, removed or replaced; anything above `most` may read as `most + 1`. */
function editDistance(a: string, b: string, most: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row[b.length]!;
}
