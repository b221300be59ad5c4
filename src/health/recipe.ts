import type { Labels } from '../model/labels.ts';

/** A counter and, where one metric counts all outcomes, how its labels tell them apart. */
export interface RequestCounter {
  readonly metric: string;
  readonly outcome?: {
    readonly labels: readonly string[];
    /** The class of error of a series, '' for a success. */
    readonly classify: (labels: Labels) => string;
  };
}

/**
 * How to read the health of one kind of entity from one system's metrics.
 * Every label list is tried in order; the first that is not empty counts, so that versions can differ in names.
 */
export interface Recipe {
  readonly kind: 'provider' | 'service';
  readonly system: string;
  /** Labels that hold the entity's name. Empty when all series belong to {@link fixedName}. */
  readonly name: readonly string[];
  readonly fixedName?: string;
  /** Entities that another recipe has found already are left to that one. */
  readonly isFallback?: boolean;
  /**
   * A 4xx answer is the client's fault, except at a gateway: what that refuses before dispatch shows nowhere else,
   * and what its upstreams refuse is its business.
   */
  readonly clientErrorsAre?: 'failures-of-gateways';
  readonly modelLabels?: readonly string[];
  readonly keyLabels?: { readonly id: string; readonly name: string };
  /** Matchers on all queries of requests and latency. */
  readonly matchers?: readonly string[];
  readonly requests?: RequestCounter;
  /** Counts successes, where they are counted apart. */
  readonly successMetric?: string;
  readonly failures?: { readonly metric: string; readonly matchers?: readonly string[]; readonly reasonLabels: readonly string[] };
  /** The histogram's name without `_bucket`. */
  readonly latency?: { readonly metric: string; readonly secondsPerUnit: number };
  /** Gauges that add up to the requests in flight. */
  readonly inFlightMetrics?: readonly string[];
  readonly keyUpMetric?: string;
  readonly rotations?: { readonly metric: string; readonly reasonLabel: string };
  /** A gauge that is 0 when the entity is down. */
  readonly availabilityMetric?: string;
}

/** Knows one system by the names of its metrics; answers one recipe for each thing it can read from them. */
export interface Recogniser {
  readonly system: string;
  readonly recognise: (names: ReadonlySet<string>) => readonly Recipe[];
}
