const HEX_VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) {
  HEX_VALUES[i.toString(16).charCodeAt(0)] = i;
  HEX_VALUES[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

const HEX_BYTES = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** Reads `text` as hex into 32-bit words; false when it is not exactly `words.length * 8` hex digits. */
export function parseHexWords(text: string, words: Uint32Array): boolean {
  if (text.length !== words.length * 8) return false;
  let bad = 0;
  for (let word = 0, at = 0; word < words.length; word++) {
    let value = 0;
    for (let i = 0; i < 8; i++) {
      const unit = text.charCodeAt(at++);
      const digit = unit < 128 ? HEX_VALUES[unit]! : -1;
      bad |= digit;
      value = (value << 4) | (digit & 15);
    }
    words[word] = value;
  }
  return bad >= 0;
}

/** Bytes `offset … offset + length` as lower-case hex. */
export function toHex(bytes: Uint8Array, offset: number, length: number): string {
  let text = '';
  for (let i = offset; i < offset + length; i++) text += HEX_BYTES[bytes[i]!]!;
  return text;
}

/** Spreads the bits of a 32-bit number (the finalizer of MurmurHash3). */
export function mix32(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** One 32-bit hash for an id given as words. */
export function hashWords(words: Uint32Array): number {
  let hash = 0;
  for (let i = 0; i < words.length; i++) hash = mix32(hash ^ words[i]!);
  return hash;
}
