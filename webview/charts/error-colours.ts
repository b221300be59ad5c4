import { mixColours, type Rgba } from '../shared/colour.ts';
import type { Theme } from '../shared/theme.ts';

/** Places in the theme's series colours: what kind of failure a class is. Green and blue would not say "failure". */
const RED = 5;
const ORANGE = 1;
const YELLOW = 4;
const PURPLE = 2;

/** Shades of one colour, as shares of the background mixed in; more classes of one kind share the last. */
const SHADES: readonly number[] = [0, 0.35, 0.55];

/** A colour for each error class: rate limits yellow, server errors red, client errors orange, the rest purple. */
export function errorClassColours(classes: readonly string[], theme: Theme): ReadonlyMap<string, Rgba> {
  const counts = new Map<number, number>();
  const colours = new Map<string, Rgba>();
  for (const name of [...classes].sort()) {
    const slot = kindOf(name);
    const nth = counts.get(slot) ?? 0;
    counts.set(slot, nth + 1);
    colours.set(name, mixColours(theme.series[slot]!, theme.background, SHADES[Math.min(nth, SHADES.length - 1)]!));
  }
  return colours;
}

function kindOf(name: string): number {
  if (/429|rate.?limit|quota|throttl/i.test(name)) return YELLOW;
  if (/\b5\d\d\b|server|internal|overloaded/i.test(name)) return RED;
  if (/\b4\d\d\b|invalid|auth|denied|not.?found/i.test(name)) return ORANGE;
  return PURPLE;
}
