import type { Labels } from '../../model/labels.ts';

/** The labels in `names` only. */
export function keepLabels(labels: Labels, names: readonly string[]): Labels {
  const kept: string[] = [];
  for (let i = 0; i < labels.length; i += 2) if (names.includes(labels[i]!)) kept.push(labels[i]!, labels[i + 1]!);
  return kept;
}

/** The labels that are not in `names`. */
export function dropLabels(labels: Labels, names: readonly string[]): Labels {
  const kept: string[] = [];
  for (let i = 0; i < labels.length; i += 2) if (!names.includes(labels[i]!)) kept.push(labels[i]!, labels[i + 1]!);
  return kept;
}

/** The labels with one set to `value`, or without it when that is empty. */
export function setLabel(labels: Labels, name: string, value: string): Labels {
  const result: string[] = [];
  let isPlaced = value === '';
  for (let i = 0; i < labels.length; i += 2) {
    const current = labels[i]!;
    if (!isPlaced && current >= name) {
      result.push(name, value);
      isPlaced = true;
    }
    if (current !== name) result.push(current, labels[i + 1]!);
  }
  if (!isPlaced) result.push(name, value);
  return result;
}

/** Orders label sets as Prometheus does: pair by pair by name, then value; a prefix comes first. */
export function compareLabels(a: Labels, b: Labels): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] === b[i]) continue;
    return a[i]! < b[i]! ? -1 : 1;
  }
  return a.length - b.length;
}

/** A key equal for label sets that agree in `names` (sorted); absent and empty labels are the same. */
export function keyOf(labels: Labels, names: readonly string[]): string {
  const wanted = names.length;
  if (wanted === 0) return '';
  let key = '';
  let n = 0;
  for (let i = 0; i < labels.length && n < wanted; i += 2) {
    const name = labels[i]!;
    while (n < wanted && names[n]! < name) {
      key += '\uffff';
      n++;
    }
    if (n < wanted && names[n] === name) {
      key += `${labels[i + 1]!}\uffff`;
      n++;
    }
  }
  for (; n < wanted; n++) key += '\uffff';
  return key;
}

/** A key equal for label sets that agree in everything but `names`. */
export function keyWithout(labels: Labels, names: readonly string[]): string {
  let key = '';
  for (let i = 0; i < labels.length; i += 2) {
    if (!names.includes(labels[i]!)) key += `${labels[i]!}\uffff${labels[i + 1]!}\uffff`;
  }
  return key;
}

/** The labels as Prometheus prints them in errors: `{a="b", c="d"}`; the metric name is a label like others. */
export function labelsText(labels: Labels, quote: (text: string) => string): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    parts.push(`${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name)}=${quote(labels[i + 1]!)}`);
  }
  return `{${parts.join(', ')}}`;
}
