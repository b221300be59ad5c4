import { isScalar, Scalar, type ParsedNode } from 'yaml';

/** The text that a YAML scalar means, and where each of its characters stands in the file. */
export interface ScalarText {
  readonly text: string;
  /** The scalar in the file, quotes or block header included: half-open UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** `offsets[i]` is where `text[i]` stands in the file; one more entry than characters, for the end. */
  readonly offsets: readonly number[];
}

/** Escapes of double-quoted scalars with a fixed number of hexadecimal digits (YAML 1.2, 5.7). */
const HEX_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads a scalar of any style; undefined for what is none. `source` is the whole file. */
export function scalarTextOf(node: ParsedNode | null | undefined, source: string): ScalarText | undefined {
  if (!isScalar(node)) return undefined;
  const [start, end] = node.range;
  const isText = typeof node.value === 'string';
  const text = isText ? String(node.value) : node.source;
  return { text, start, end, offsets: alignScalar(text, source, start, end, node.type ?? Scalar.PLAIN) };
}

/** A range of the text as a range of the file. An empty one stays empty. */
export function rangeInFile(scalar: ScalarText, start: number, end: number): readonly [start: number, end: number] {
  const last = scalar.offsets.length - 1;
  const from = scalar.offsets[Math.max(0, Math.min(start, last))] ?? scalar.start;
  if (end <= start) return [from, from];
  // One past the last character, which need not be where the next one begins: a line may end between them.
  const to = (scalar.offsets[Math.min(end, last) - 1] ?? from) + 1;
  return [from, Math.max(from, end > last ? scalar.end : to)];
}

/** The place in the text that belongs to an offset in the file; undefined when that is outside the scalar. */
export function textOffsetAt(scalar: ScalarText, offset: number): number | undefined {
  if (offset < scalar.start || offset > Math.max(scalar.end, scalar.offsets.at(-1) ?? 0)) return undefined;
  // White space that is not written stands where the next character does, which is the one that is meant.
  const exact = scalar.offsets.lastIndexOf(offset);
  const index = exact < 0 ? scalar.offsets.findIndex((at) => at > offset) : exact;
  return index < 0 ? scalar.text.length : index;
}

/**
 * Walks text and source side by side. YAML adds and removes nothing but white space, quotes, escapes and the header of a block, so
 * characters that are not white space follow each other in the same order.
 */
function alignScalar(text: string, source: string, start: number, end: number, type: Scalar.Type): readonly number[] {
  const isDouble = type === Scalar.QUOTE_DOUBLE;
  const isSingle = type === Scalar.QUOTE_SINGLE;
  const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
  let at = isDouble || isSingle ? start + 1 : start;
  if (isBlock) at = blockContentStart(source, start, end);
  const offsets: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (!isDouble && isSpace(char)) {
      offsets.push(Math.min(at, end));
      if (source[at] === char && at < end) at++;
      continue;
    }
    // Line breaks and indentation, which mean less white space than they are.
    if (!(isDouble && source[at] === char)) while (at < end && isSpace(source[at]!) && source[at] !== char) at++;
    offsets.push(Math.min(at, end));
    if (isSingle && char === "'") at += 2;
    else if (isDouble && source[at] === '\\') at = afterEscape(source, at);
    else if (!(isSpace(char) && source[at] !== char)) at++;
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

const isSpace = (char: string): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';

/** Where the first line under the header of a block scalar has its first character. */
function blockContentStart(source: string, start: number, end: number): number {
  const lineEnd = source.indexOf('\n', start);
  let at = lineEnd < 0 ? end : lineEnd + 1;
  while (at < end && (source[at] === ' ' || source[at] === '\t')) at++;
  return Math.min(at, end);
}

function afterEscape(source: string, at: number): number {
  const digits = HEX_ESCAPES[source[at + 1] ?? ''];
  return at + 2 + (digits ?? 0);
}
