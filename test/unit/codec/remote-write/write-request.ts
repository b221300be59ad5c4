/** Encodes prompb messages field by field, so that tests can also write what no client would. */
export type Field = number[];

export function varint(value: bigint | number): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
  return out;
}

export const zigzag = (value: number): number[] => varint((BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
export const integer = (field: number, value: bigint | number): Field => [...varint(field * 8), ...varint(value)];
export const signed = (field: number, value: number): Field => [...varint(field * 8), ...zigzag(value)];
export const bytes = (field: number, content: readonly number[]): Field => [...varint(field * 8 + 2), ...varint(content.length), ...content];
export const message = (field: number, ...content: readonly Field[]): Field => bytes(field, content.flat());
export const text = (field: number, value: string): Field => bytes(field, [...Buffer.from(value, 'utf8')]);
export const words = (field: number, high: number, low: number): Field => [...varint(field * 8 + 1), ...new Uint8Array(new Uint32Array([low, high]).buffer)];
export const double = (field: number, value: number): Field => [...varint(field * 8 + 1), ...new Uint8Array(new Float64Array([value]).buffer)];
export const doubles = (field: number, values: readonly number[]): Field => bytes(field, [...new Uint8Array(new Float64Array(values).buffer)]);
export const signeds = (field: number, values: readonly number[]): Field => bytes(field, values.flatMap(zigzag));

export const label = (name: string, value: string): Field => message(1, text(1, name), text(2, value));
export const labels = (record: Readonly<Record<string, string>>): Field => Object.entries(record).flatMap(([name, value]) => label(name, value));
export const sample = (timestampMs: number | bigint, value: number): Field => message(2, double(1, value), integer(2, timestampMs));
export const series = (...fields: readonly Field[]): Field => message(1, ...fields);
export const span = (field: number, offset: number, length: number): Field => message(field, signed(1, offset), integer(2, length));
export const request = (...fields: readonly Field[]): Uint8Array => Uint8Array.from(fields.flat());
