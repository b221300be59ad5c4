import { fail, ok, type Result } from '../../base/result.ts';
import { compactHistogram } from '../../model/histogram-arithmetic.ts';
import { CUSTOM_BUCKETS_SCHEMA, type CounterResetHint, type FloatHistogram, type SparseBuckets } from '../../model/histogram.ts';

const HINTS: ReadonlySet<string> = new Set<CounterResetHint>(['unknown', 'reset', 'not_reset', 'gauge']);
const KEYS: ReadonlySet<string> = new Set(['schema', 'sum', 'count', 'z_bucket', 'z_bucket_w', 'custom_values', 'buckets', 'offset', 'n_buckets', 'n_offset', 'counter_reset_hint']);

/** Reads what stands between the double braces of a histogram: `schema:1 sum:3 count:4 buckets:[1 2] offset:-1` (promql: series notation). */
export function readHistogram(text: string): Result<FloatHistogram, string> {
  const fields = new Map<string, string>();
  for (const [, key, value] of text.matchAll(/([a-z_]+):(\[[^\]]*\]|\S+)/g)) {
    if (!KEYS.has(key!)) return fail(`unknown field ${JSON.stringify(key)} of a histogram`);
    if (fields.has(key!)) return fail(`field ${JSON.stringify(key)} of a histogram stands twice`);
    fields.set(key!, value!);
  }
  const rest = text.replace(/([a-z_]+):(\[[^\]]*\]|\S+)/g, '').trim();
  if (rest !== '') return fail(`unexpected ${JSON.stringify(rest.slice(0, 60))} in a histogram`);
  const hint = fields.get('counter_reset_hint') ?? 'unknown';
  if (!isHint(hint)) return fail(`unknown counter reset hint ${JSON.stringify(hint)}`);
  const numbers = (key: string): readonly number[] => (fields.get(key) ?? '[]').slice(1, -1).split(/\s+/).filter((item) => item !== '').map(Number);
  const number = (key: string): number => Number(fields.get(key) ?? 0);
  const side = (key: string, offsetKey: string): SparseBuckets => {
    const counts = numbers(key);
    return { indexes: counts.map((_, i) => number(offsetKey) + i), counts };
  };
  const customValues = numbers('custom_values');
  const isCustom = customValues.length > 0 || number('schema') === CUSTOM_BUCKETS_SCHEMA;
  const histogram: FloatHistogram = {
    schema: isCustom ? CUSTOM_BUCKETS_SCHEMA : number('schema'),
    count: number('count'), sum: number('sum'), zeroThreshold: number('z_bucket_w'), zeroCount: number('z_bucket'),
    positive: side('buckets', 'offset'), negative: side('n_buckets', 'n_offset'), counterReset: hint,
    ...(isCustom ? { customValues } : {}),
  };
  return ok(compactHistogram(histogram));
}

function isHint(text: string): text is CounterResetHint {
  return HINTS.has(text);
}
