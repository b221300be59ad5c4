import { CHANGE_FUNCTIONS } from './changes.ts';
import { createInstantRate } from './instant-rate.ts';
import { OVER_TIME_FUNCTIONS } from './over-time.ts';
import type { RangeFunction } from './range-window.ts';
import { createRate, type RateKind } from './rate.ts';
import { REGRESSION_FUNCTIONS } from './regression.ts';

/** The functions that share the extrapolating rate. */
export const RATE_KINDS: Readonly<Record<string, RateKind>> = {
  rate: { isCounter: true, isRate: true },
  increase: { isCounter: true, isRate: false },
  delta: { isCounter: false, isRate: false },
};

const rates = Object.fromEntries(Object.entries(RATE_KINDS).map(([name, kind]) => [name, createRate(kind)]));

/** Every function over a range, by name. */
export const RANGE_FUNCTIONS: Readonly<Record<string, RangeFunction>> = {
  ...rates,
  irate: createInstantRate(true),
  idelta: createInstantRate(false),
  ...OVER_TIME_FUNCTIONS,
  ...REGRESSION_FUNCTIONS,
  ...CHANGE_FUNCTIONS,
};

/** Functions that act like an offset and so keep the metric name. */
export const KEEPS_NAME: ReadonlySet<string> = new Set(['last_over_time', 'first_over_time']);

/** Functions that `anchored` and `smoothed` ranges may be given to, in the order errors list them. */
export const ANCHORED_SAFE: readonly string[] = ['changes', 'delta', 'increase', 'rate', 'resets'];
export const SMOOTHED_SAFE: readonly string[] = ['delta', 'increase', 'rate'];

/** Functions that look at start timestamps. */
export const USES_START_TIMES: ReadonlySet<string> = new Set(['rate', 'irate', 'increase', 'resets']);
