import { ProtobufError, tagOf, WIRE, type ProtobufReader } from '../../base/protobuf-reader.ts';
import type { Attributes, AttributeValue, Resource, Scope } from '../../model/attributes.ts';
import { readKey } from './key-cache.ts';

const LEN_1 = tagOf(1, WIRE.bytes);
const LEN_2 = tagOf(2, WIRE.bytes);
const LEN_3 = tagOf(3, WIRE.bytes);
const STRING_VALUE = LEN_1;
const BOOL_VALUE = tagOf(2, WIRE.varint);
const INT_VALUE = tagOf(3, WIRE.varint);
const DOUBLE_VALUE = tagOf(4, WIRE.fixed64);
const ARRAY_VALUE = tagOf(5, WIRE.bytes);
const KVLIST_VALUE = tagOf(6, WIRE.bytes);
const BYTES_VALUE = tagOf(7, WIRE.bytes);

/** Deeper AnyValues are refused: nothing real nests so far, and recursion is bounded by it. */
export const DEEPEST_VALUE = 64;

/** Reads an AnyValue field (length and content) of opentelemetry-proto common.v1. */
export function readAnyValue(reader: ProtobufReader, depth = 0): AttributeValue {
  if (depth > DEEPEST_VALUE) throw new ProtobufError('attribute value nested too deeply');
  const outer = reader.enter();
  let value: AttributeValue = null;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === STRING_VALUE) value = reader.string();
    else if (tag === BOOL_VALUE) value = reader.bool();
    else if (tag === INT_VALUE) value = readInt64(reader);
    else if (tag === DOUBLE_VALUE) value = reader.double();
    else if (tag === ARRAY_VALUE) value = readArray(reader, depth);
    else if (tag === KVLIST_VALUE) value = readKeyValueList(reader, depth);
    else if (tag === BYTES_VALUE) value = reader.bytesView().slice();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return value;
}

/** Reads one KeyValue field into `attributes`; the first of two equal keys stands, as the collector keeps it. */
export function readKeyValue(reader: ProtobufReader, attributes: Map<string, AttributeValue>): void {
  const outer = reader.enter();
  let key = '';
  let value: AttributeValue = null;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === LEN_1) key = readKey(reader);
    else if (tag === LEN_2) value = readAnyValue(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  if (!attributes.has(key)) attributes.set(key, value);
}

/** Reads a Resource field. The schema URL stands outside of it and is handed in. */
export function readResource(reader: ProtobufReader, schemaUrl: string): Resource {
  const outer = reader.enter();
  const attributes = new Map<string, AttributeValue>();
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === LEN_1) readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { attributes, schemaUrl };
}

/** Reads an InstrumentationScope field. The schema URL stands outside of it and is handed in. */
export function readScope(reader: ProtobufReader, schemaUrl: string): Scope {
  const outer = reader.enter();
  let name = '';
  let version = '';
  const attributes = new Map<string, AttributeValue>();
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === LEN_1) name = reader.string();
    else if (tag === LEN_2) version = reader.string();
    else if (tag === LEN_3) readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { name, version, attributes, schemaUrl };
}

/** The resource or scope of a group that has none. */
export const NO_ATTRIBUTES: Attributes = new Map();
export const NO_RESOURCE: Resource = { attributes: NO_ATTRIBUTES, schemaUrl: '' };
export const NO_SCOPE: Scope = { name: '', version: '', attributes: NO_ATTRIBUTES, schemaUrl: '' };

/** Reads a bytes field as lower-case hex. */
export function readHex(reader: ProtobufReader): string {
  const view = reader.bytesView();
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('hex');
}

/** Reads the fixed64 nanoseconds since the epoch as whole milliseconds, exactly. */
export function readUnixMs(reader: ProtobufReader): number {
  reader.fixed64Words();
  // 2^32 ns are 4294 ms and 967,296 ns; every intermediate stays below 2^53.
  return reader.high * 4294 + Math.floor((reader.high * 967_296 + reader.low) / 1_000_000);
}

/** Reads a fixed64 as an unsigned number, rounded beyond 2^53. */
export function readFixed64(reader: ProtobufReader): number {
  reader.fixed64Words();
  return reader.high * 4_294_967_296 + reader.low;
}

/** Reads an sfixed64 as a signed number, rounded beyond 2^53. */
export function readSfixed64(reader: ProtobufReader): number {
  reader.fixed64Words();
  return (reader.high | 0) * 4_294_967_296 + reader.low;
}

function readInt64(reader: ProtobufReader): number | bigint {
  const start = reader.pos;
  const value = reader.int64();
  if (Number.isSafeInteger(value)) return value;
  reader.pos = start;
  return BigInt.asIntN(64, reader.uint64BigInt());
}

function readArray(reader: ProtobufReader, depth: number): AttributeValue[] {
  const outer = reader.enter();
  const values: AttributeValue[] = [];
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === LEN_1) values.push(readAnyValue(reader, depth + 1));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
}

function readKeyValueList(reader: ProtobufReader, depth: number): AttributeValue {
  const outer = reader.enter();
  const entries: [string, AttributeValue][] = [];
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag !== LEN_1) {
      reader.skip(tag);
      continue;
    }
    const outerPair = reader.enter();
    let key = '';
    let value: AttributeValue = null;
    while (reader.pos < reader.end) {
      const inner = reader.tag();
      if (inner === LEN_1) key = reader.string();
      else if (inner === LEN_2) value = readAnyValue(reader, depth + 1);
      else reader.skip(inner);
    }
    reader.leave(outerPair);
    entries.push([key, value]);
  }
  reader.leave(outer);
  // fromEntries defines own properties, so a key named __proto__ is only a key.
  return Object.fromEntries(entries);
}
