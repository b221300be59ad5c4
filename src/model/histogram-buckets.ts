import type { SparseBuckets } from './histogram.ts';

/** A side without buckets. */
export const NO_BUCKETS: SparseBuckets = { indexes: [], counts: [] };

/** The side without its empty buckets; the same object when it has none. */
export function withoutEmptyBuckets(side: SparseBuckets): SparseBuckets {
  let hasEmpty = false;
  for (const count of side.counts) if (count === 0) hasEmpty = true;
  if (!hasEmpty) return side;
  const indexes: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < side.indexes.length; i++) {
    if (side.counts[i] === 0) continue;
    indexes.push(side.indexes[i]!);
    counts.push(side.counts[i]!);
  }
  return { indexes, counts };
}

/** The index of the bucket in a lower-resolution schema that holds bucket `index` of `fromSchema`. */
export function reducedIndex(index: number, fromSchema: number, toSchema: number): number {
  return ((index - 1) >> (fromSchema - toSchema)) + 1;
}

/** The side at a lower resolution; the same object when the schemas are equal. */
export function reducedBuckets(side: SparseBuckets, fromSchema: number, toSchema: number): SparseBuckets {
  if (fromSchema === toSchema || side.indexes.length === 0) return side;
  const indexes: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < side.indexes.length; i++) {
    const index = reducedIndex(side.indexes[i]!, fromSchema, toSchema);
    const last = indexes.length - 1;
    if (last >= 0 && indexes[last] === index) counts[last] = counts[last]! + side.counts[i]!;
    else {
      indexes.push(index);
      counts.push(side.counts[i]!);
    }
  }
  return { indexes, counts };
}

/** True when both sides have the same bucket indexes. */
export function hasSameLayout(a: SparseBuckets, b: SparseBuckets): boolean {
  if (a.indexes === b.indexes) return true;
  const length = a.indexes.length;
  if (length !== b.indexes.length) return false;
  for (let i = 0; i < length; i++) if (a.indexes[i] !== b.indexes[i]) return false;
  return true;
}

/** `a + sign * b`, bucket by bucket. Buckets that come out empty stay; see withoutEmptyBuckets. */
export function addedBuckets(a: SparseBuckets, b: SparseBuckets, sign: 1 | -1): SparseBuckets {
  if (b.indexes.length === 0) return a;
  if (hasSameLayout(a, b)) {
    const counts = new Array<number>(a.counts.length);
    for (let i = 0; i < counts.length; i++) counts[i] = a.counts[i]! + sign * b.counts[i]!;
    return { indexes: a.indexes, counts };
  }
  const indexes: number[] = [];
  const counts: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.indexes.length || j < b.indexes.length) {
    const left = i < a.indexes.length ? a.indexes[i]! : Infinity;
    const right = j < b.indexes.length ? b.indexes[j]! : Infinity;
    indexes.push(Math.min(left, right));
    let count = 0;
    if (left <= right) count += a.counts[i++]!;
    if (right <= left) count += sign * b.counts[j++]!;
    counts.push(count);
  }
  return { indexes, counts };
}

/** The side with every count changed by `change`. */
export function mappedBuckets(side: SparseBuckets, change: (count: number) => number): SparseBuckets {
  return { indexes: side.indexes, counts: side.counts.map(change) };
}

/** The bounds that occur in both ascending lists. */
export function commonBounds(a: readonly number[], b: readonly number[]): number[] {
  const common: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      common.push(a[i]!);
      i++;
      j++;
    } else if (a[i]! < b[j]!) i++;
    else j++;
  }
  return common;
}

/** For each bucket index of `bounds`, its index in the coarser `target` bounds (a subset); one more entry for the +Inf bucket. */
export function boundsMapping(bounds: readonly number[], target: readonly number[]): number[] {
  const mapping: number[] = [];
  let position = 0;
  for (const bound of bounds) {
    while (position < target.length && target[position]! < bound) position++;
    mapping.push(position);
  }
  mapping.push(target.length);
  return mapping;
}

/** The side's buckets moved to `target` bounds, a subset of `bounds`. */
export function rebucketed(side: SparseBuckets, bounds: readonly number[], target: readonly number[]): SparseBuckets {
  const mapping = boundsMapping(bounds, target);
  const indexes: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < side.indexes.length; i++) {
    const index = mapping[Math.min(side.indexes[i]!, bounds.length)]!;
    const last = indexes.length - 1;
    if (last >= 0 && indexes[last] === index) counts[last] = counts[last]! + side.counts[i]!;
    else {
      indexes.push(index);
      counts.push(side.counts[i]!);
    }
  }
  return { indexes, counts };
}
