const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
/** How late a scrape may be and still get the timestamp it should have had (prometheus/scrape: ScrapeTimestampTolerance). */
const TOLERANCE_MS = 2;

/** A 64-bit FNV-1a hash of a text's UTF-16 units: spreads targets, nothing more. */
export function spreadHash(text: string): bigint {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * FNV_PRIME);
  return hash;
}

/**
 * Time until a target's first scrape: a fixed place within every interval since the epoch, by its hash, so that targets are spread
 * and a restart does not shift them (prometheus/scrape: Target.offset).
 */
export function scrapeOffsetMs(hash: bigint, intervalMs: number, nowMs: number): number {
  const untilNext = intervalMs - (nowMs % intervalMs);
  const next = untilNext + Number(hash % BigInt(intervalMs));
  return next > intervalMs ? next - intervalMs : next;
}

/** The timestamp for a scrape that was due at `dueMs` and starts at `nowMs`: the due time when it is hardly late, so that samples compress well. */
export function alignedTimestampMs(dueMs: number, nowMs: number, intervalMs: number): number {
  const late = nowMs - dueMs;
  return late >= 0 && late <= Math.min(intervalMs / 100, TOLERANCE_MS) ? dueMs : nowMs;
}
