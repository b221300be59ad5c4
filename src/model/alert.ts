/**
 * An alert as rules hand it to notifications: the fields of Prometheus's notifier (and of Alertmanager's `POST /api/v2/alerts`).
 * Two alerts are the same when their labels are equal. It is resolved when `endsAtMs` is not after the time of looking.
 */
export interface Alert {
  /** Name and value, sorted by name; `alertname` included. No value is empty. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Unix milliseconds: when it began to fire. */
  readonly startsAtMs: number;
  /** Unix milliseconds. While it fires: when it counts as resolved unless it is sent again. Once resolved: when it was resolved. */
  readonly endsAtMs: number;
  /** Where to look at the expression; empty when unknown. */
  readonly generatorUrl: string;
}

/** Takes alerts to be sent; sent again and again while they fire. Must neither throw nor keep the caller waiting. */
export type SendAlerts = (alerts: readonly Alert[]) => void;
