import { ByteReader } from '../encoding/byte-reader.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import type { NameCount } from './block-meta.ts';

/** The counts of a block's names as varints. */
export function encodeNames(names: readonly NameCount[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { nameId, count, errors } of names) {
    writer.varint(nameId);
    writer.varint(count);
    writer.varint(errors);
  }
  return writer.copy();
}

/** What {@link encodeNames} wrote. */
export function decodeNames(bytes: Uint8Array): NameCount[] {
  const reader = new ByteReader(bytes);
  const names: NameCount[] = [];
  while (!reader.isAtEnd) names.push({ nameId: reader.varint(), count: reader.varint(), errors: reader.varint() });
  return names;
}
