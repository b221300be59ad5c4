import type { ByteReader } from './byte-reader.ts';
import { CorruptChunkError } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const REGULAR = 0;
const DELTA_OF_DELTA = 1;

/**
 * Writes `times[from … to)` (integers, |t| < 2^50, strictly ascending). A steady interval costs nothing per sample;
 * otherwise one zigzag varint each of the change of the interval (Gorilla's delta of delta, cut at bytes instead of bits).
 */
export function encodeTimes(out: ByteWriter, times: Float64Array, from: number, to: number): void {
  const first = times[from]!;
  const step = to - from > 1 ? times[from + 1]! - first : 0;
  let isRegular = true;
  for (let i = from + 1; i < to && isRegular; i++) isRegular = times[i]! - times[i - 1]! === step;
  out.byte(isRegular ? REGULAR : DELTA_OF_DELTA);
  out.zigzag(first);
  if (to - from > 1) out.zigzag(step);
  if (isRegular) return;
  let previous = first + step;
  let interval = step;
  for (let i = from + 2; i < to; i++) {
    const time = times[i]!;
    out.zigzag(time - previous - interval);
    interval = time - previous;
    previous = time;
  }
}

/** Reads `count` times into `times[at …]`. */
export function decodeTimes(input: ByteReader, count: number, times: Float64Array, at: number): void {
  const mode = input.byte();
  if (mode > DELTA_OF_DELTA) throw new CorruptChunkError(`unknown time encoding ${mode}`);
  let time = input.zigzag();
  times[at] = time;
  if (count === 1) return;
  let interval = input.zigzag();
  time += interval;
  times[at + 1] = time;
  const end = at + count;
  if (mode === REGULAR) {
    for (let i = at + 2; i < end; i++) times[i] = time += interval;
    return;
  }
  for (let i = at + 2; i < end; i++) {
    interval += input.zigzag();
    times[i] = time += interval;
  }
}
