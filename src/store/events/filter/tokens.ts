import { searchableTexts } from '../encoding/attribute-text.ts';
import type { DictionaryView } from '../encoding/dictionary-view.ts';
import { hashWords, mix32, parseHexWords } from '../encoding/ids.ts';

/** Only this much of a text is hashed; longer ones that begin alike share a token. */
const LONGEST_HASHED_TEXT = 256;

const traceWords = new Uint32Array(4);

/** The token of an attribute's key: a block that lacks it has no attribute of that name. */
export function keyToken(key: string): number {
  return mix32(hashText(key, 0x811c9dc5));
}

/** The token of an attribute with a value, given as text. */
export function pairToken(key: string, valueText: string): number {
  return mix32(hashText(valueText, hashText(key, 0x811c9dc5) ^ 0x5bd1e995));
}

/** The token of a trace id; undefined for what is no trace id. */
export function traceToken(traceId: string): number | undefined {
  return parseHexWords(traceId, traceWords) ? hashWords(traceWords) : undefined;
}

/** The tokens of all trace ids, given as 16 bytes each. */
export function traceTokens(ids: Uint8Array): Set<number> {
  const tokens = new Set<number>();
  const view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength);
  for (let at = 0; at + 16 <= ids.length; at += 16) {
    for (let word = 0; word < 4; word++) traceWords[word] = view.getUint32(at + 4 * word);
    tokens.add(hashWords(traceWords));
  }
  return tokens;
}

/** The tokens of every attribute a block has, wherever it stands (record, resource, scope, event). */
export function attributeTokens(dictionary: DictionaryView): Set<number> {
  const tokens = new Set<number>();
  for (let pair = 0; pair < dictionary.pairCount; pair++) {
    const key = dictionary.pairKey(pair);
    const value = dictionary.pairValue(pair);
    tokens.add(keyToken(key));
    if (typeof value === 'string') tokens.add(pairToken(key, value));
    else for (const text of searchableTexts(value)) tokens.add(pairToken(key, text));
  }
  return tokens;
}

// FNV-1a over UTF-16 units.
function hashText(text: string, seed: number): number {
  let hash = seed;
  const length = Math.min(text.length, LONGEST_HASHED_TEXT);
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
