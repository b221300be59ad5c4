import type { AttributeValue } from '../../../model/attributes.ts';
import { CorruptBlockError, type ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const STRING = 3;
const INTEGER = 4;
const DOUBLE = 5;
const BIGINT = 6;
const BYTES = 7;
const ARRAY = 8;
const MAP = 9;

/** Values nested deeper than this are replaced, so that neither side can exhaust the stack. */
const MAX_DEPTH = 64;
const LARGEST_INTEGER = 2 ** 51;

/** Writes a tag byte and the value: integers as zigzag varints, other numbers as doubles, bigints as decimal text. */
export function writeAttributeValue(writer: ByteWriter, value: AttributeValue, depth = 0): void {
  if (typeof value === 'string') {
    writer.byte(STRING);
    writer.text(value);
  } else if (typeof value === 'number') {
    writeNumber(writer, value);
  } else if (typeof value === 'boolean') {
    writer.byte(value ? TRUE : FALSE);
  } else if (typeof value === 'bigint') {
    writer.byte(BIGINT);
    writer.text(value.toString());
  } else if (value === null) {
    writer.byte(NULL);
  } else if (value instanceof Uint8Array) {
    writer.byte(BYTES);
    writer.varint(value.length);
    writer.bytes(value);
  } else if (depth >= MAX_DEPTH) {
    writer.byte(STRING);
    writer.text('(nested too deeply)');
  } else if (isArray(value)) {
    writer.byte(ARRAY);
    writer.varint(value.length);
    for (const item of value) writeAttributeValue(writer, item, depth + 1);
  } else {
    const entries = Object.entries(value);
    writer.byte(MAP);
    writer.varint(entries.length);
    for (const [key, item] of entries) {
      writer.text(key);
      writeAttributeValue(writer, item, depth + 1);
    }
  }
}

/** Reads what {@link writeAttributeValue} wrote. */
export function readAttributeValue(reader: ByteReader, depth = 0): AttributeValue {
  if (depth > MAX_DEPTH) throw new CorruptBlockError('nested too deeply');
  const tag = reader.byte();
  switch (tag) {
    case NULL:
      return null;
    case FALSE:
      return false;
    case TRUE:
      return true;
    case STRING:
      return reader.text();
    case INTEGER: {
      const code = reader.varint();
      return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
    }
    case DOUBLE:
      return reader.float64();
    case BIGINT:
      return parseBigInt(reader.text());
    case BYTES:
      return Uint8Array.from(reader.bytes(reader.varint()));
    case ARRAY: {
      const items: AttributeValue[] = [];
      for (let left = reader.varint(); left > 0; left--) items.push(readAttributeValue(reader, depth + 1));
      return items;
    }
    case MAP: {
      const entries: [string, AttributeValue][] = [];
      for (let left = reader.varint(); left > 0; left--) {
        entries.push([reader.text(), readAttributeValue(reader, depth + 1)]);
      }
      // Defines own properties, so a key "__proto__" is only a key.
      return Object.fromEntries(entries);
    }
    default:
      throw new CorruptBlockError(`unknown value type ${tag}`);
  }
}

/** Steps over a value without building it; true when it was a string. */
export function skipAttributeValue(reader: ByteReader, depth = 0): boolean {
  if (depth > MAX_DEPTH) throw new CorruptBlockError('nested too deeply');
  const tag = reader.byte();
  if (tag <= TRUE) return false;
  if (tag === STRING || tag === BIGINT) {
    reader.skipText();
  } else if (tag === INTEGER) {
    reader.varint();
  } else if (tag === DOUBLE) {
    reader.float64();
  } else if (tag === BYTES) {
    reader.bytes(reader.varint());
  } else if (tag === ARRAY) {
    for (let left = reader.varint(); left > 0; left--) skipAttributeValue(reader, depth + 1);
  } else if (tag === MAP) {
    for (let left = reader.varint(); left > 0; left--) {
      reader.skipText();
      skipAttributeValue(reader, depth + 1);
    }
  } else {
    throw new CorruptBlockError(`unknown value type ${tag}`);
  }
  return tag === STRING;
}

/** Whether equal values may share one entry of the dictionary (by Map's equality, which takes -0 for 0). */
export function isShareable(value: AttributeValue): value is string | number | boolean | bigint | null {
  return value === null || (typeof value !== 'object' && !Object.is(value, -0));
}

/** Array.isArray that knows of read-only arrays. */
export function isArray(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (Number.isInteger(value) && value <= LARGEST_INTEGER && value >= -LARGEST_INTEGER && !Object.is(value, -0)) {
    writer.byte(INTEGER);
    writer.varint(value < 0 ? -2 * value - 1 : 2 * value);
  } else {
    writer.byte(DOUBLE);
    writer.float64(value);
  }
}

function parseBigInt(text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new CorruptBlockError('not an integer');
  return BigInt(text);
}
