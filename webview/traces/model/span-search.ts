import { lowerBound } from './folds.ts';

/** Finds text in spans; the texts are made once, at the first search. */
export class SpanSearch {
  readonly #count: number;
  readonly #textOf: (span: number) => string;
  #texts: string[] | undefined;

  /** `textOf` gives all that can be found of a span: names, ids, attributes. */
  constructor(count: number, textOf: (span: number) => string) {
    this.#count = count;
    this.#textOf = textOf;
  }

  /** The spans that contain every word of `query`, in any case, ascending; none for an empty query. */
  find(query: string): Int32Array {
    const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
    if (words.length === 0) return new Int32Array();
    this.#texts ??= Array.from({ length: this.#count }, (_, i) => this.#textOf(i).toLowerCase());
    const found: number[] = [];
    for (let i = 0; i < this.#count; i++) {
      const text = this.#texts[i]!;
      if (words.every((word) => text.includes(word))) found.push(i);
    }
    return Int32Array.from(found);
  }
}

/** The next of ascending `places` after `from`, or before it with `step` -1; goes round at the ends. -1 when there is none. */
export function stepThrough(places: Int32Array, from: number, step: 1 | -1): number {
  if (places.length === 0) return -1;
  const at = step === 1 ? lowerBound(places, from + 1) : lowerBound(places, from) - 1;
  return places[(at + places.length) % places.length]!;
}
