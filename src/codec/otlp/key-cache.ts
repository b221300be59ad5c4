import type { ProtobufReader } from '../../base/protobuf-reader.ts';

const SLOTS = 1024;
const LONGEST_KEY = 64;

interface Slot {
  readonly bytes: Uint8Array;
  readonly text: string;
}

// Direct-mapped: a new key takes the place of the old one, so the memory is bounded and nothing has to be evicted.
const slots: (Slot | undefined)[] = new Array<Slot | undefined>(SLOTS).fill(undefined);

/** Reads a string field that is likely to have been seen before, such as an attribute's key, without making a new string for it. */
export function readKey(reader: ProtobufReader): string {
  const start = reader.pos;
  const end = reader.bytesEnd();
  const from = reader.pos;
  const length = end - from;
  if (length === 0 || length > LONGEST_KEY) {
    reader.pos = start;
    return reader.string();
  }
  const { bytes } = reader;
  const index = (length * 31 + bytes[from]! * 7 + bytes[end - 1]! * 131 + bytes[from + (length >> 1)]! * 17) & (SLOTS - 1);
  const slot = slots[index];
  if (slot?.bytes.length === length && isSame(slot.bytes, bytes, from)) {
    reader.pos = end;
    return slot.text;
  }
  reader.pos = start;
  const text = reader.string();
  slots[index] = { bytes: bytes.slice(from, end), text };
  return text;
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
