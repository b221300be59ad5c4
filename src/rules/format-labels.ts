import { quoteGoString } from '../base/go-quote.ts';
import type { Labels } from '../model/labels.ts';

/** A label set as Prometheus prints it: `{a="b", c="d"}`. */
export function formatLabels(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    parts.push(`${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quoteGoString(name)}=${quoteGoString(labels[i + 1]!)}`);
  }
  return `{${parts.join(', ')}}`;
}
