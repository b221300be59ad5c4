const BITS = 1 << 15;

/** Stands for letters whose case does not fold one to one everywhere (final sigma). */
const SIGMA = 0x03c3;
const FINAL_SIGMA = 0x03c2;

/** An empty set of trigrams. */
export function createTrigrams(): Uint8Array {
  return new Uint8Array(BITS / 8);
}

/** Adds every three neighbouring characters of `text`, without regard to case. */
export function addTrigrams(bits: Uint8Array, text: string): void {
  const folded = text.toLowerCase();
  if (folded.length < 3) return;
  let first = fold(folded.charCodeAt(0));
  let second = fold(folded.charCodeAt(1));
  for (let i = 2; i < folded.length; i++) {
    const third = fold(folded.charCodeAt(i));
    const bit = trigramBit(first, second, third);
    bits[bit >>> 3]! |= 1 << (bit & 7);
    first = second;
    second = third;
  }
}

/** False when certainly no added text contains `needle`, in whatever case. */
export function mayContain(bits: Uint8Array, needle: string): boolean {
  const folded = needle.toLowerCase();
  for (let i = 2; i < folded.length; i++) {
    const bit = trigramBit(fold(folded.charCodeAt(i - 2)), fold(folded.charCodeAt(i - 1)), fold(folded.charCodeAt(i)));
    if ((bits[bit >>> 3]! & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

function fold(unit: number): number {
  return unit === FINAL_SIGMA ? SIGMA : unit;
}

function trigramBit(first: number, second: number, third: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77) ^ Math.imul(third, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash >>> 17) & (BITS - 1);
}
