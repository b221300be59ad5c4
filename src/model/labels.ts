/**
 * A label set: names and values alternating, sorted by name, no empty values, no duplicate names.
 * Flat, because a query touches thousands of them and an array of strings is the cheapest thing V8 iterates.
 */
export type Labels = readonly string[];

/** The label that holds the metric's name. */
export const METRIC_NAME = '__name__';

/** The empty label set. */
export const NO_LABELS: Labels = [];

/** Builds a label set from a record; empty values are dropped, as Prometheus does. */
export function labelsFromRecord(record: Readonly<Record<string, string>>): Labels {
  const names = Object.keys(record).filter((name) => record[name] !== '');
  names.sort();
  const labels: string[] = [];
  for (const name of names) labels.push(name, record[name]!);
  return labels;
}

/** Builds a label set from unsorted pairs; a later pair with the same name wins, empty values are dropped. */
export function labelsFromPairs(pairs: Iterable<readonly [string, string]>): Labels {
  const map = new Map<string, string>();
  for (const [name, value] of pairs) map.set(name, value);
  return labelsFromRecord(Object.fromEntries(map));
}

/** The labels as an object, for JSON. */
export function labelsToRecord(labels: Labels): Record<string, string> {
  const record: Record<string, string> = {};
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    // Assigning would set the prototype, or rather nothing.
    if (name === '__proto__') Object.defineProperty(record, name, { value: labels[i + 1], enumerable: true, configurable: true, writable: true });
    else record[name] = labels[i + 1]!;
  }
  return record;
}

/** The value of `name`, or '' when the set does not have it. */
export function labelValue(labels: Labels, name: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return labels[i + 1]!;
  return '';
}

/** A string that is equal for two label sets exactly when they are equal; a Map key. */
export function labelsKey(labels: Labels): string {
  // U+FFFF is not a character, so it occurs in no name or value.
  return labels.join('\uffff');
}
