import type { AttributeValue } from '../../model/attributes.ts';

/** An attribute as a label's value, as the collector's pcommon.Value.AsString writes it: JSON for lists and maps, base64 for bytes. */
export function attributeText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Uint8Array) return base64(value);
  return toJson(value);
}

function toJson(value: AttributeValue): string {
  if (typeof value === 'string') return quote(value);
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return quote(base64(value));
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object') return attributeText(value);
  const pairs = Object.entries(value as Readonly<Record<string, AttributeValue>>).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${pairs.map(([key, entry]) => `${quote(key)}:${toJson(entry)}`).join(',')}}`;
}

function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

// Go's encoder escapes these so that JSON may stand in HTML.
const quote = (text: string): string =>
  JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
