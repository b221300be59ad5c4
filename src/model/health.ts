/** The states an entity can be in, best to worst is: healthy, unknown, degraded, offline, unhealthy. */
export type HealthState = 'healthy' | 'degraded' | 'unhealthy' | 'offline' | 'unknown';

/** Seconds; undefined where there is no histogram to compute it from. */
export interface LatencyQuantiles {
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/** The signals every entity can have. Rates are per second over the health window. */
export interface RedSignals {
  readonly requestsPerSecond?: number;
  /** 0 … 1; undefined when there was no request. */
  readonly successRatio?: number;
  readonly latency: LatencyQuantiles;
  readonly inFlight?: number;
}

/** A model or a key of a provider. */
export interface ModelHealth extends RedSignals {
  readonly name: string;
}

export interface KeyHealth {
  readonly id: string;
  readonly name: string;
  /** By the last attempt made with it. */
  readonly isUp?: boolean;
  /** Share of the provider's calls, 0 … 1. */
  readonly share?: number;
  /** Why calls were moved to another key, events per second by reason. */
  readonly rotations: readonly { readonly reason: string; readonly perSecond: number }[];
}

interface EntityBase extends RedSignals {
  /** Stable across collector restarts: `provider/SYSTEM/NAME` or `service/NAME`. */
  readonly id: string;
  readonly name: string;
  readonly state: HealthState;
  /** Why it is in that state, in words with the threshold that was crossed; empty when healthy. */
  readonly reasons: readonly string[];
  /** ms since the epoch of the last change of state. */
  readonly sinceMs: number;
  /** ms since the epoch of the newest sample this rests on. */
  readonly lastSeenMs?: number;
  /** Requests per second over the last minutes, oldest first, null where there was no data. */
  readonly sparkline: readonly (number | null)[];
}

export interface ProviderHealth extends EntityBase {
  readonly kind: 'provider';
  /** Which recogniser found it: bifrost, litellm, genai … */
  readonly system: string;
  readonly models: readonly ModelHealth[];
  readonly keys: readonly KeyHealth[];
  /** Errors per second by class (status code or type). */
  readonly errors: readonly { readonly reason: string; readonly perSecond: number }[];
}

export interface ServiceHealth extends EntityBase {
  readonly kind: 'service';
  readonly system: string;
}

/** One scrape target. */
export interface TargetHealth {
  readonly kind: 'target';
  readonly id: string;
  readonly job: string;
  readonly url: string;
  readonly state: HealthState;
  readonly lastError: string;
  readonly lastScrapeMs?: number;
  readonly lastDurationSeconds?: number;
  readonly samples?: number;
  readonly intervalMs: number;
}

/** Everything the Health view and the status bar show, at one instant. Always whole, never a delta. */
export interface HealthSnapshot {
  readonly atMs: number;
  readonly providers: readonly ProviderHealth[];
  readonly services: readonly ServiceHealth[];
  readonly targets: readonly TargetHealth[];
  /** Over all providers together. */
  readonly p95?: number;
  /** What these numbers leave out or could not be computed from, in words; absent when there is nothing to say. */
  readonly notes?: readonly string[];
}
