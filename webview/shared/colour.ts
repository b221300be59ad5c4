/** A colour in sRGB, channels 0 … 255, alpha 0 … 1. */
export interface Rgba {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
}

/** Reads `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(…)` and `rgba(…)`; undefined for anything else. */
export function parseColour(text: string): Rgba | undefined {
  const value = text.trim();
  const hex = /^#([\da-f]{3,8})$/i.exec(value)?.[1];
  if (hex !== undefined) {
    const full = hex.length <= 4 ? hex.replace(/./g, '$&$&') : hex;
    if (full.length !== 6 && full.length !== 8) return undefined;
    const byte = (at: number): number => Number.parseInt(full.slice(at, at + 2), 16);
    return { r: byte(0), g: byte(2), b: byte(4), a: full.length === 8 ? byte(6) / 255 : 1 };
  }
  const numbers = /^rgba?\(([^)]+)\)$/i.exec(value)?.[1]?.split(/[\s,/]+/).filter((part) => part !== '');
  if (!numbers || numbers.length < 3) return undefined;
  const [r, g, b, a = 1] = numbers.map((part) => (part.endsWith('%') ? (Number(part.slice(0, -1)) / 100) : Number(part)));
  if (![r, g, b, a].every((channel) => Number.isFinite(channel))) return undefined;
  return { r: r!, g: g!, b: b!, a };
}

/** As CSS, with `alpha` in place of the colour's own when given. */
export function cssColour(colour: Rgba, alpha = colour.a): string {
  return `rgba(${String(Math.round(colour.r))}, ${String(Math.round(colour.g))}, ${String(Math.round(colour.b))}, ${String(Math.round(alpha * 1000) / 1000)})`;
}

/** The colour on the way from `from` to `to`, `share` 0 … 1, opaque. */
export function mixColours(from: Rgba, to: Rgba, share: number): Rgba {
  const mix = (a: number, b: number): number => a + (b - a) * share;
  return { r: mix(from.r, to.r), g: mix(from.g, to.g), b: mix(from.b, to.b), a: 1 };
}

/** WCAG 2 contrast ratio of two opaque colours, 1 … 21. */
export function contrastRatio(first: Rgba, second: Rgba): number {
  const [a, b] = [luminance(first), luminance(second)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Moves `colour` away from `background`, keeping its hue, until it has the contrast `ratio` (3 for lines, 4.5 for text). */
export function withContrast(colour: Rgba, background: Rgba, ratio: number): Rgba {
  const target: Rgba = luminance(background) > 0.18 ? { r: 0, g: 0, b: 0, a: 1 } : { r: 255, g: 255, b: 255, a: 1 };
  let result: Rgba = { ...colour, a: 1 };
  for (let share = 0.05; contrastRatio(result, background) < ratio && share < 1; share += 0.05) result = mixColours(colour, target, share);
  return result;
}

/** WCAG 2 relative luminance. */
function luminance({ r, g, b }: Rgba): number {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}
