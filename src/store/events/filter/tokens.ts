import { hashWords, mix32, parseHexWords } from '../encoding/ids.ts';

/** Only this much of a text is hashed; longer ones that begin alike share a token. */
const LONGEST_HASHED_TEXT = 256;

const traceWords = new Uint32Array(4);

/** The hash of an attribute's key, for the two tokens below. */
export function keyHash(key: string): number {
  return hashText(key, 0x811c9dc5);
}

/** The token of a key: a block that lacks it has no attribute of that name. */
export function keyToken(hashOfKey: number): number {
  return mix32(hashOfKey);
}

/** The token of an attribute with a value, given as text. */
export function pairToken(hashOfKey: number, valueText: string): number {
  return mix32(hashText(valueText, hashOfKey ^ 0x5bd1e995));
}

/** The token of a trace id; undefined for what is no trace id. */
export function traceToken(traceId: string): number | undefined {
  return parseHexWords(traceId, traceWords) ? hashWords(traceWords) : undefined;
}

// FNV-1a over UTF-16 units.
function hashText(text: string, seed: number): number {
  let hash = seed;
  const length = Math.min(text.length, LONGEST_HASHED_TEXT);
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
