import { decodeJsonBytes } from './json-parse.ts';

/** Thrown by {@link JsonNode} where the JSON is not of the message's shape; decoders catch it at their door. */
export class OtlpJsonError extends Error {
  override readonly name = 'OtlpJsonError';
}

const HEX = /^[0-9a-fA-F]*$/;
const INTEGER = /^[+-]?\d+$/;

/**
 * A JSON object read as a protobuf message, by OTLP's mapping (opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding"):
 * lowerCamelCase names, null and absent mean the default, 64-bit integers as strings or numbers, ids in hex, enums as numbers or names,
 * unknown fields ignored. Knows where it stands, for messages.
 */
export class JsonNode {
  readonly path: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new OtlpJsonError(`${path || 'the body'} must be an object`);
    this.path = path;
    // Checked above: an object that is no array.
    this.#fields = value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name) && this.#fields[name] !== null;
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  /** The objects of a repeated message field. */
  *nodes(name: string): Generator<JsonNode> {
    const list = this.array(name);
    for (let i = 0; i < list.length; i++) yield new JsonNode(list[i], `${this.#at(name)}[${i}]`);
  }

  node(name: string): JsonNode | undefined {
    return this.has(name) ? new JsonNode(this.raw(name), this.#at(name)) : undefined;
  }

  array(name: string): readonly unknown[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value)) throw this.#wrong(name, 'an array');
    return value;
  }

  string(name: string): string {
    const value = this.raw(name) ?? '';
    if (typeof value !== 'string') throw this.#wrong(name, 'a string');
    return value;
  }

  bool(name: string): boolean {
    const value = this.raw(name) ?? false;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  /** A double; protobuf's JSON also writes "NaN", "Infinity" and "-Infinity", and numbers as strings. */
  double(name: string): number {
    return toDouble(this.raw(name) ?? 0) ?? this.#throw(name, 'a number');
  }

  doubles(name: string): number[] {
    return this.array(name).map((value) => toDouble(value) ?? this.#throw(name, 'an array of numbers'));
  }

  /** A 64-bit integer, exact. */
  bigint(name: string): bigint {
    return toBigInt(this.raw(name) ?? 0) ?? this.#throw(name, 'a 64-bit integer, as a string or a number');
  }

  /** A 64-bit integer, rounded beyond 2^53. */
  integer(name: string): number {
    return Number(this.bigint(name));
  }

  integers(name: string): number[] {
    return this.array(name).map((value) => Number(toBigInt(value) ?? this.#throw(name, 'an array of 64-bit integers')));
  }

  /** Bytes in hex, as OTLP writes ids. */
  hex(name: string): string {
    const value = this.string(name);
    if (!HEX.test(value)) throw this.#wrong(name, 'hex digits');
    return value.toLowerCase();
  }

  /** An enum as its number, or as its name with the given prefix: `prefix + names[n]`. Unknown ones are 0. */
  enum(name: string, prefix: string, names: readonly string[]): number {
    const value = this.raw(name) ?? 0;
    if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value < names.length ? value : 0;
    if (typeof value !== 'string') throw this.#wrong(name, 'a number or a name');
    return Math.max(0, names.indexOf(value.startsWith(prefix) ? value.slice(prefix.length) : ''));
  }

  /** Nanoseconds since the epoch as whole milliseconds. */
  unixMs(name: string): number {
    return Number(BigInt.asUintN(64, this.bigint(name)) / 1_000_000n);
  }

  #at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  #wrong(name: string, wanted: string): OtlpJsonError {
    return new OtlpJsonError(`${this.#at(name)} must be ${wanted}`);
  }

  #throw(name: string, wanted: string): never {
    throw this.#wrong(name, wanted);
  }
}

/** Parses a request's body to its root node. Throws OtlpJsonError. */
export function readJsonRoot(body: Uint8Array): JsonNode {
  const parsed = decodeJsonBytes(body);
  if (!parsed.ok) throw new OtlpJsonError(parsed.error);
  return new JsonNode(parsed.value, '');
}

/** A 64-bit integer from a JSON value, undefined when it is none. */
export function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'string' && value.length < 40 && INTEGER.test(value)) return BigInt(value.replace('+', ''));
  return undefined;
}

/** A double from a JSON value, undefined when it is none. */
export function toDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === 'NaN') return Number.NaN;
  if (typeof value !== 'string' || value.trim() !== value || value === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}
