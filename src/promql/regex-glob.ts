/** A literal text, or a wildcard: exactly one character, one or more (`.+`), none or more (`.*`). */
type GlobPart = { readonly literal: string } | { readonly wildcard: 'one' | 'some' | 'any' };

/** One way in which a simple pattern matches a whole text. */
export type Glob = readonly GlobPart[];

/** More ways than this are left to the regular expression engine. */
const maxGlobs = 256;

/** Characters that stand for themselves, up to one that a quantifier may follow. */
const literalRun = /[^\\.()[\]{}^$*+?|]+/y;

/**
 * Reads a regular expression that has only literals, `.`, `.*`, `.+`, alternatives and plain groups, which most matchers of PromQL are,
 * as the list of globs it is equal to when anchored at both ends and `.` matches newlines. Undefined for all others, wrong ones included.
 */
export function parseGlobs(pattern: string): readonly Glob[] | undefined {
  const reader = new GlobReader(pattern);
  const globs = reader.readAlternatives();
  return globs === undefined || !reader.isAtEnd ? undefined : keepIfSimple(globs.map(joinLiterals));
}

/** The texts that globs match when all of them are plain literals. */
export function literalsOf(globs: readonly Glob[]): readonly string[] | undefined {
  const literals: string[] = [];
  for (const glob of globs) {
    if (glob.length > 1) return undefined;
    const [part] = glob;
    if (part !== undefined && !('literal' in part)) return undefined;
    literals.push(part?.literal ?? '');
  }
  return [...new Set(literals)];
}

/** Whether a glob matches the whole text, in one pass from left to right. */
export function matchesGlob(glob: Glob, text: string): boolean {
  let at = 0;
  let isOpen = false;
  let gap = 0;
  for (const [index, part] of glob.entries()) {
    if ('wildcard' in part) {
      if (part.wildcard === 'one') {
        const code = text.codePointAt(at);
        if (code === undefined) return false;
        at += code > 0xffff ? 2 : 1;
      } else {
        isOpen = true;
        gap += part.wildcard === 'some' ? 1 : 0;
      }
      continue;
    }
    const { literal } = part;
    if (!isOpen) {
      if (!text.startsWith(literal, at)) return false;
      at += literal.length;
      continue;
    }
    if (index === glob.length - 1) return text.length - literal.length >= at + gap && text.endsWith(literal);
    // The leftmost place leaves the most for the rest, so no other needs to be tried.
    const found = text.indexOf(literal, at + gap);
    if (found < 0) return false;
    at = found + literal.length;
    isOpen = false;
    gap = 0;
  }
  return isOpen ? text.length >= at + gap : text.length === at;
}

/** Offsets count UTF-16 units, so a single `.` cannot stand beside a wildcard, nor two `.+` together. */
function keepIfSimple(globs: readonly Glob[]): readonly Glob[] | undefined {
  const isSimple = globs.every((glob) => {
    const wildcards = glob.flatMap((part) => ('wildcard' in part ? [part.wildcard] : []));
    if (wildcards.includes('one')) return wildcards.every((wildcard) => wildcard === 'one');
    return !glob.some((part, index) => index > 0 && 'wildcard' in part && 'wildcard' in glob[index - 1]!);
  });
  return isSimple ? globs : undefined;
}

function joinLiterals(glob: Glob): Glob {
  const joined: GlobPart[] = [];
  for (const part of glob) {
    const last = joined.at(-1);
    if ('literal' in part && part.literal === '') continue;
    if ('literal' in part && last !== undefined && 'literal' in last) joined[joined.length - 1] = { literal: last.literal + part.literal };
    else joined.push(part);
  }
  return joined;
}

class GlobReader {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  readAlternatives(): readonly Glob[] | undefined {
    const globs: Glob[] = [];
    for (;;) {
      const alternative = this.#readSequence();
      if (alternative === undefined) return undefined;
      globs.push(...alternative);
      if (globs.length > maxGlobs) return undefined;
      if (this.#pattern[this.#at] !== '|') return globs;
      this.#at++;
    }
  }

  #readSequence(): readonly Glob[] | undefined {
    let globs: GlobPart[][] = [[]];
    while (!this.isAtEnd && this.#pattern[this.#at] !== '|' && this.#pattern[this.#at] !== ')') {
      const atom = this.#readAtom();
      if (atom === undefined || '*+?{'.includes(this.#pattern[this.#at] ?? '|')) return undefined;
      const [only] = atom;
      if (atom.length === 1 && only !== undefined) {
        // In place: long patterns are mostly literals.
        for (const glob of globs) glob.push(...only);
        continue;
      }
      if (globs.length * atom.length > maxGlobs) return undefined;
      globs = globs.flatMap((glob) => atom.map((rest) => [...glob, ...rest]));
    }
    return globs;
  }

  #readAtom(): readonly Glob[] | undefined {
    literalRun.lastIndex = this.#at;
    const run = literalRun.exec(this.#pattern)?.[0];
    if (run !== undefined) {
      this.#at += run.length;
      return [[{ literal: run }]];
    }
    const character = this.#pattern[this.#at]!;
    this.#at++;
    if (character === '.') return [[this.#readDot()]];
    if (character === '(') return this.#readGroup();
    if (character !== '\\') return undefined;
    const escaped = this.#pattern[this.#at] ?? '';
    this.#at++;
    return /^[!-/:-@[-`{-~]$/.test(escaped) ? [[{ literal: escaped }]] : undefined;
  }

  #readDot(): GlobPart {
    const next = this.#pattern[this.#at];
    if (next !== '*' && next !== '+') return { wildcard: 'one' };
    this.#at++;
    return { wildcard: next === '*' ? 'any' : 'some' };
  }

  #readGroup(): readonly Glob[] | undefined {
    if (this.#pattern.startsWith('?:', this.#at)) this.#at += 2;
    else if (this.#pattern[this.#at] === '?') return undefined;
    if (++this.#depth > 50) return undefined;
    const globs = this.readAlternatives();
    this.#depth--;
    if (globs === undefined || this.#pattern[this.#at] !== ')') return undefined;
    this.#at++;
    return globs;
  }
}
