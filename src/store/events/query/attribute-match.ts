import type { AttributeValue } from '../../../model/attributes.ts';
import { attributeText, searchableTexts } from '../encoding/attribute-text.ts';
import type { DictionaryView } from '../encoding/dictionary-view.ts';
import type { RowPairs } from '../encoding/row-pairs.ts';
import { bloomHas } from '../filter/bloom.ts';
import { keyHash, keyToken, pairToken } from '../filter/tokens.ts';
import type { AttributeCondition } from './query-types.ts';

/** What an attribute condition needs to see of a block. */
export interface AttributeRows {
  readonly count: number;
  dictionary(): DictionaryView;
  origins(): Uint32Array;
  attributePairs(): RowPairs;
  /** Pairs of the attributes of the row's events; undefined for a signal without events. */
  readonly eventPairs?: (row: number) => readonly number[];
}

/** The token a block's filter must have for the condition to hold for any of its records; undefined when it may do without. */
export function requiredToken(condition: AttributeCondition): number | undefined {
  switch (condition.op) {
    case '=':
      return pairToken(keyHash(condition.key), condition.value);
    case '!=':
    case '!~':
    case 'missing':
      return undefined;
    default:
      return keyToken(keyHash(condition.key));
  }
}

/** False when the block's filter rules the conditions out. */
export function mayMatchAttributes(filter: Uint8Array, tokens: readonly number[]): boolean {
  return tokens.every((token) => bloomHas(filter, token));
}

/** Clears `rows[i]` where the condition does not hold. Each distinct attribute of the block is judged once. */
export function applyCondition(view: AttributeRows, condition: AttributeCondition, rows: Uint8Array): void {
  const isNegative = condition.op === '!=' || condition.op === '!~' || condition.op === 'missing';
  const pairs = matchingPairs(view.dictionary(), condition);
  const scope = condition.scope ?? 'any';
  if (pairs === undefined) {
    if (!isNegative) rows.fill(0);
    return;
  }
  const hasPair = (list: ArrayLike<number>, from = 0, to = list.length): boolean => {
    for (let i = from; i < to; i++) if (pairs[list[i]!] === 1) return true;
    return false;
  };
  const originMatches = scope === 'any' || scope === 'resource' ? view.dictionary().origins.map((origin) => hasPair(origin.resourcePairs)) : [];
  const origins = view.origins();
  const own = view.attributePairs();
  for (let row = 0; row < view.count; row++) {
    if (rows[row] === 0) continue;
    const found =
      originMatches[origins[row]!] === true ||
      ((scope === 'any' || scope === 'own') && hasPair(own.pairs, own.offsets[row], own.offsets[row + 1])) ||
      ((scope === 'any' || scope === 'event') && view.eventPairs !== undefined && hasPair(view.eventPairs(row)));
    if (found === isNegative) rows[row] = 0;
  }
}

/** Clears `rows[i]` where none of the conditions holds; no conditions limit nothing. */
export function applyAnyCondition(view: AttributeRows, conditions: readonly AttributeCondition[] | undefined, rows: Uint8Array): void {
  if (conditions === undefined || conditions.length === 0 || !rows.includes(1)) return;
  const union = new Uint8Array(rows.length);
  for (const condition of conditions) {
    const held = rows.slice();
    applyCondition(view, condition, held);
    for (let row = 0; row < rows.length; row++) union[row]! |= held[row]!;
  }
  rows.set(union);
}

function matchingPairs(dictionary: DictionaryView, condition: AttributeCondition): Uint8Array | undefined {
  const test = valueTest(condition);
  let pairs: Uint8Array | undefined;
  const keyMatches = new Map<number, boolean>();
  for (let pair = 0; pair < dictionary.pairCount; pair++) {
    const keyId = dictionary.pairKeyId(pair);
    let isKey = keyMatches.get(keyId);
    if (isKey === undefined) keyMatches.set(keyId, (isKey = dictionary.texts.text(keyId) === condition.key));
    if (!isKey || !test(dictionary.pairValue(pair))) continue;
    pairs ??= new Uint8Array(dictionary.pairCount);
    pairs[pair] = 1;
  }
  return pairs;
}

// For a negative condition this is the test of its positive twin.
function valueTest(condition: AttributeCondition): (value: AttributeValue) => boolean {
  switch (condition.op) {
    case '=':
    case '!=':
      return (value) => (typeof value === 'string' ? value === condition.value : searchableTexts(value).includes(condition.value));
    case '=~':
    case '!~':
      return (value) => condition.pattern.matches(attributeText(value));
    case 'exists':
    case 'missing':
      return () => true;
    default:
      return comparisonTest(condition.op, condition.value);
  }
}

function comparisonTest(op: '<' | '<=' | '>' | '>=', limit: number): (value: AttributeValue) => boolean {
  return (value) => {
    const number = numericValue(value);
    switch (op) {
      case '<':
        return number < limit;
      case '<=':
        return number <= limit;
      case '>':
        return number > limit;
      case '>=':
        return number >= limit;
    }
  };
}

// NaN compares false with everything.
function numericValue(value: AttributeValue): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}
