import type { HealthState } from '../model/health.ts';
import { durationInWords, percentInWords, secondsInWords } from './words.ts';

/** Where an entity stops being healthy. */
export interface Thresholds {
  /** Degraded below this ratio of successes. */
  readonly degradedSuccess: number;
  /** Unhealthy below this ratio of successes. */
  readonly unhealthySuccess: number;
  /** Degraded when p95 is above; seconds. */
  readonly degradedP95Seconds: number;
  /** With fewer requests in the window a ratio says nothing. */
  readonly minRequests: number;
}

/** What applies where nothing is configured. */
export const DEFAULT_THRESHOLDS: Thresholds = { degradedSuccess: 0.95, unhealthySuccess: 0.8, degradedP95Seconds: 2, minRequests: 10 };

/** What a judgement rests on. */
export interface Facts {
  readonly requestsPerSecond?: number | undefined;
  readonly successRatio?: number | undefined;
  readonly p95?: number | undefined;
  /** The class most failures belong to. */
  readonly mainError?: string | undefined;
  readonly windowMs: number;
  /** The window is still growing with the data. */
  readonly isYoung?: boolean;
  /** What says that it is down, in words: a target that does not answer, a database's own gauge. */
  readonly down?: string | undefined;
  readonly instancesDown?: { readonly down: number; readonly all: number } | undefined;
  /** Since when there has been no data at all. */
  readonly silentSinceMs?: number | undefined;
  /** It answers, so being idle is no reason to doubt it. */
  readonly answers?: boolean | undefined;
}

/** Something that is wrong; `since` texts are filled in by whoever knows for how long. */
export interface Condition {
  readonly key: 'down' | 'silent' | 'instances' | 'success' | 'latency' | 'idle';
  readonly state: HealthState;
  readonly describe: (forMs: number) => string;
}

// Once crossed, a threshold must be left behind by this much: a value that sits on it does not flap.
const SUCCESS_MARGIN = 0.01;
const LATENCY_MARGIN = 0.9;
const YOUNG_FACTOR = 5;
const WORTH_SAYING_MS = 5000;

/** What is wrong now. `wasActive` says which conditions held the last time; empty means healthy. */
export function judge(facts: Facts, thresholds: Thresholds, wasActive: (key: Condition['key']) => HealthState | undefined): readonly Condition[] {
  const { down, silentSinceMs, instancesDown } = facts;
  // Rates of a window that reaches back to before it went down say nothing about now.
  if (down !== undefined) return [{ key: 'down', state: 'offline', describe: (forMs) => `${down}${forText(forMs)}` }];
  if (silentSinceMs !== undefined) return [{ key: 'silent', state: 'offline', describe: (forMs) => `no data${forText(Math.max(forMs, facts.windowMs))}` }];
  const conditions: Condition[] = [];
  if (instancesDown) {
    const text = `${instancesDown.down} of ${instancesDown.all} instances down`;
    conditions.push({ key: 'instances', state: 'degraded', describe: (forMs) => `${text}${forText(forMs)}` });
  }
  const rate = facts.requestsPerSecond ?? 0;
  if (rate === 0) {
    if (!facts.answers) conditions.push({ key: 'idle', state: 'unknown', describe: (forMs) => `no requests for ${durationInWords(Math.max(forMs, facts.windowMs))}` });
    return conditions;
  }
  const success = successCondition(facts, thresholds, (rate * facts.windowMs) / 1000, wasActive('success'));
  if (success) conditions.push(success);
  const { p95 } = facts;
  const limit = thresholds.degradedP95Seconds * (wasActive('latency') ? LATENCY_MARGIN : 1);
  if (p95 !== undefined && p95 > limit) {
    const threshold = secondsInWords(thresholds.degradedP95Seconds);
    conditions.push({ key: 'latency', state: 'degraded', describe: (forMs) => `p95 ${secondsInWords(p95)}${forText(forMs)} (threshold ${threshold})` });
  }
  return conditions;
}

function successCondition(facts: Facts, thresholds: Thresholds, requests: number, was: HealthState | undefined): Condition | undefined {
  const { successRatio: ratio } = facts;
  // A rate misses the first event of each new series: among few events of many series that distorts a ratio.
  const minRequests = thresholds.minRequests * (facts.isYoung ? YOUNG_FACTOR : 1);
  if (ratio === undefined || requests < minRequests) return undefined;
  const unhealthyBelow = thresholds.unhealthySuccess + (was === 'unhealthy' ? SUCCESS_MARGIN : 0);
  const degradedBelow = thresholds.degradedSuccess + (was === undefined ? 0 : SUCCESS_MARGIN);
  if (ratio >= degradedBelow) return undefined;
  const mostly = facts.mainError === undefined ? '' : `, mostly ${facts.mainError}`;
  return {
    key: 'success',
    state: ratio < unhealthyBelow ? 'unhealthy' : 'degraded',
    describe: (forMs) => `success ${percentInWords(ratio)}${forText(forMs)} (threshold ${percentInWords(thresholds.degradedSuccess)})${mostly}`,
  };
}

const forText = (forMs: number): string => (forMs < WORTH_SAYING_MS ? '' : ` for ${durationInWords(forMs)}`);
