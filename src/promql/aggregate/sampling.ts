import type { Labels } from '../../model/labels.ts';
import { xxhash64 } from '../xxhash64.ts';

/**
 * Where a label set falls in [0, 1), the same for ever: the hash of its names and values, each with its length in front
 * (prometheus/promql: HashRatioSampler over prometheus/model/labels: Labels.Hash).
 */
export function samplingOffset(labels: Labels): number {
  const encoder = new TextEncoder();
  const parts = labels.map((text) => encoder.encode(text));
  const bytes: number[] = [];
  for (const part of parts) {
    if (part.length < 255) bytes.push(part.length);
    else bytes.push(255, part.length & 255, (part.length >> 8) & 255, (part.length >> 16) & 255);
    for (const byte of part) bytes.push(byte);
  }
  return Number(xxhash64(Uint8Array.from(bytes))) / 2 ** 64;
}

/** Whether `limit_ratio` takes what falls at `offset`; a negative ratio takes the complement of 1 + ratio. */
export function isSampled(ratio: number, offset: number): boolean {
  return (ratio >= 0 && offset < ratio) || (ratio < 0 && offset >= 1 + ratio);
}
