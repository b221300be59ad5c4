import type { Attributes, AttributeValue, Resource, Scope } from '../../../model/attributes.ts';
import { readAttributeValue, skipAttributeValue } from './attribute-value.ts';
import { ByteReader, CorruptBlockError } from './byte-reader.ts';

/** A resource with a scope, and the pairs of the resource. */
export interface Origin {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly resourcePairs: readonly number[];
}

/** Texts of one column, decoded one by one when asked for. */
export class TextColumn {
  readonly #reader: ByteReader;
  readonly #offsets: number[] = [];
  readonly #texts: (string | undefined)[] = [];

  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    while (!reader.isAtEnd) this.#offsets.push(reader.skipText());
    this.#reader = reader;
  }

  get count(): number {
    return this.#offsets.length;
  }

  readonly text = (id: number): string => {
    const known = this.#texts[id];
    if (known !== undefined) return known;
    const offset = this.#offsets[id];
    if (offset === undefined) throw new CorruptBlockError(`no text ${id}`);
    this.#reader.seek(offset);
    return (this.#texts[id] = this.#reader.text());
  };
}

/** Reads what a DictionaryWriter wrote, each part when it is first needed. */
export class DictionaryView {
  readonly texts: TextColumn;
  readonly #pairReader: ByteReader;
  readonly #originBytes: Uint8Array;
  readonly #pairKeys: number[] = [];
  readonly #pairOffsets: number[] = [];
  readonly #pairValues: (AttributeValue | undefined)[] = [];
  #origins: Origin[] | undefined;

  constructor(texts: Uint8Array, pairs: Uint8Array, origins: Uint8Array) {
    this.texts = new TextColumn(texts);
    this.#originBytes = origins;
    const reader = new ByteReader(pairs);
    while (!reader.isAtEnd) {
      this.#pairKeys.push(reader.varint());
      this.#pairOffsets.push(reader.offset);
      skipAttributeValue(reader);
    }
    this.#pairReader = reader;
  }

  get pairCount(): number {
    return this.#pairKeys.length;
  }

  /** The text number of a pair's key. */
  pairKeyId(pair: number): number {
    const key = this.#pairKeys[pair];
    if (key === undefined) throw new CorruptBlockError(`no attribute ${pair}`);
    return key;
  }

  pairKey(pair: number): string {
    return this.texts.text(this.pairKeyId(pair));
  }

  pairValue(pair: number): AttributeValue {
    const known = this.#pairValues[pair];
    if (known !== undefined) return known;
    const offset = this.#pairOffsets[pair];
    if (offset === undefined) throw new CorruptBlockError(`no attribute ${pair}`);
    this.#pairReader.seek(offset);
    return (this.#pairValues[pair] = readAttributeValue(this.#pairReader));
  }

  attributes(pairs: Iterable<number>): Attributes {
    const attributes = new Map<string, AttributeValue>();
    for (const pair of pairs) attributes.set(this.pairKey(pair), this.pairValue(pair));
    return attributes;
  }

  /** Reads a number of attributes and the number of each pair. */
  readPairs(reader: ByteReader): number[] {
    const pairs: number[] = [];
    for (let left = reader.varint(); left > 0; left--) pairs.push(reader.varint());
    return pairs;
  }

  origin(id: number): Origin {
    this.#origins ??= this.#readOrigins();
    const origin = this.#origins[id];
    if (origin === undefined) throw new CorruptBlockError(`no origin ${id}`);
    return origin;
  }

  get origins(): readonly Origin[] {
    return (this.#origins ??= this.#readOrigins());
  }

  #readOrigins(): Origin[] {
    const reader = new ByteReader(this.#originBytes);
    const origins: Origin[] = [];
    const text = (): string => this.texts.text(reader.varint());
    while (!reader.isAtEnd) {
      const resourcePairs = this.readPairs(reader);
      const resource = { attributes: this.attributes(resourcePairs), schemaUrl: text() };
      const scope = { name: text(), version: text(), schemaUrl: text(), attributes: this.attributes(this.readPairs(reader)) };
      origins.push({ resource, scope, resourcePairs });
    }
    return origins;
  }
}
