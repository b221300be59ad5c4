import type { Attributes, AttributeValue, Resource, Scope } from '../../../model/attributes.ts';
import { attributeText, searchableTexts } from './attribute-text.ts';
import { isShareable, writeAttributeValue } from './attribute-value.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { NameCounter } from './name-counter.ts';
import { keyHash, keyToken, pairToken } from '../filter/tokens.ts';

/** Longer texts are rarely repeated, and looking them up would hash all of them. */
const LONGEST_SHARED_TEXT = 200;

const MISSES_BEFORE_GIVING_UP = 64;

interface KeyEntry {
  readonly key: string;
  readonly textId: number;
  readonly hash: number;
  readonly pairIds: Map<AttributeValue, number>;
  /** The value met last and its pair; undefined when it is not shared. */
  lastValue: AttributeValue | undefined;
  lastPair: number;
  hits: number;
  misses: number;
}

/** The four columns a dictionary fills. */
export interface DictionaryColumns {
  /** The service of each origin, as texts. */
  readonly services: ByteWriter;
  readonly texts: ByteWriter;
  /** For each pair: text number of the key, value. */
  readonly pairs: ByteWriter;
  /** For each origin: pairs and schema of the resource; name, version, schema and pairs of the scope. */
  readonly origins: ByteWriter;
}

/**
 * Numbers the distinct texts, attributes (key and value as one pair) and origins (resource and scope as one) of a block.
 * Definitions go to their columns at first use, so appending never rewrites anything.
 */
export class DictionaryWriter {
  readonly #columns: DictionaryColumns;
  readonly #names: NameCounter;
  readonly #textIds = new Map<string, number>();
  readonly #keys = new Map<string, KeyEntry>();
  /** Keys by their place in the record before: records of one kind have the same keys in the same order. */
  #keysByPlace: KeyEntry[] = [];
  #tokens: number[] = [];
  readonly #originIds = new Map<string, number>();
  #originsByIdentity = new Map<Resource, Map<Scope, number>>();
  #textCount = 0;
  #pairCount = 0;
  #lastResource: Resource | undefined;
  #lastScope: Scope | undefined;
  #lastOrigin = 0;

  constructor(columns: DictionaryColumns, names: NameCounter) {
    this.#columns = columns;
    this.#names = names;
  }

  clear(): void {
    this.#textIds.clear();
    this.#keys.clear();
    this.#tokens = [];
    this.#keysByPlace = [];
    this.#originIds.clear();
    this.#originsByIdentity = new Map();
    this.#textCount = 0;
    this.#pairCount = 0;
    this.#lastResource = undefined;
    this.#lastScope = undefined;
  }

  /** A token for each key, and for each distinct attribute with its value, wherever it stands. */
  get tokens(): readonly number[] {
    return this.#tokens;
  }

  /** The number of a text. */
  readonly text = (text: string): number => {
    const isShared = text.length <= LONGEST_SHARED_TEXT;
    const known = isShared ? this.#textIds.get(text) : undefined;
    if (known !== undefined) return known;
    const id = this.#textCount++;
    this.#columns.texts.text(text);
    if (isShared) this.#textIds.set(text, id);
    return id;
  };

  /** Writes the number of attributes and the number of each pair. */
  writeAttributes(writer: ByteWriter, attributes: Attributes): void {
    writer.varint(attributes.size);
    if (attributes.size === 0) return;
    let place = 0;
    const places = this.#keysByPlace;
    attributes.forEach((value, key) => {
      let entry = places[place];
      if (entry?.key !== key) places[place] = entry = this.#key(key);
      place++;
      writer.varint(this.#pair(entry, value));
    });
  }

  /** The number of a resource with a scope. */
  origin(resource: Resource, scope: Scope): number {
    if (resource === this.#lastResource && scope === this.#lastScope) return this.#lastOrigin;
    let scopes = this.#originsByIdentity.get(resource);
    if (scopes === undefined) this.#originsByIdentity.set(resource, (scopes = new Map<Scope, number>()));
    let origin = scopes.get(scope);
    if (origin === undefined) scopes.set(scope, (origin = this.#originByContent(resource, scope)));
    this.#lastResource = resource;
    this.#lastScope = scope;
    this.#lastOrigin = origin;
    return origin;
  }

  #key(key: string): KeyEntry {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const entry = { key, textId: this.text(key), hash: keyHash(key), pairIds: new Map<AttributeValue, number>(), lastValue: undefined, lastPair: 0, hits: 0, misses: 0 };
    this.#keys.set(key, entry);
    this.#tokens.push(keyToken(entry.hash));
    return entry;
  }

  #pair(entry: KeyEntry, value: AttributeValue): number {
    // Zero is left to the lookup below, for -0 equals it here.
    if (entry.lastValue === value && value !== 0) return entry.lastPair;
    if (isWorthSharing(entry, value)) {
      const known = entry.pairIds.get(value);
      entry.lastValue = value;
      entry.lastPair = known ?? this.#pairCount;
      if (known !== undefined) {
        entry.hits++;
        return known;
      }
      entry.misses++;
      entry.pairIds.set(value, this.#pairCount);
    }
    if (value === null || typeof value !== 'object') this.#tokens.push(pairToken(entry.hash, attributeText(value)));
    else for (const text of searchableTexts(value)) this.#tokens.push(pairToken(entry.hash, text));
    const { pairs } = this.#columns;
    pairs.varint(entry.textId);
    writeAttributeValue(pairs, value);
    return this.#pairCount++;
  }

  #originByContent(resource: Resource, scope: Scope): number {
    const numbers = [
      ...this.#pairList(resource.attributes),
      this.text(resource.schemaUrl),
      this.text(scope.name),
      this.text(scope.version),
      this.text(scope.schemaUrl),
      ...this.#pairList(scope.attributes),
    ];
    const key = numbers.join();
    const known = this.#originIds.get(key);
    if (known !== undefined) return known;
    for (const number of numbers) this.#columns.origins.varint(number);
    const service = serviceName(resource);
    this.#columns.services.text(service);
    this.#names.addOrigin(service);
    const id = this.#originIds.size;
    this.#originIds.set(key, id);
    return id;
  }

  #pairList(attributes: Attributes): number[] {
    const list = [attributes.size];
    attributes.forEach((value, key) => list.push(this.#pair(this.#key(key), value)));
    return list;
  }
}

// Long values, and those of keys that turn out to have a new value nearly every time (request ids), are not looked up.
function isWorthSharing(entry: KeyEntry, value: AttributeValue): boolean {
  if (entry.misses > MISSES_BEFORE_GIVING_UP && entry.hits * 4 < entry.misses) return false;
  return isShareable(value) && !(typeof value === 'string' && value.length > LONGEST_SHARED_TEXT);
}

/** The service of a resource, '' when it does not say. */
export function serviceName(resource: Resource): string {
  return attributeText(resource.attributes.get('service.name') ?? null);
}
