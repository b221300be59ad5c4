/** A series of an alert's expression on a grid of evaluations: `values[i]` is at startMs + i * stepMs, null where the condition does not hold. */
export interface ConditionSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

/** When the evaluations were, and how long the condition must hold and is kept. All in ms. */
export interface BacktestOptions {
  readonly startMs: number;
  readonly stepMs: number;
  readonly forMs: number;
  readonly keepFiringForMs: number;
}

/** A stretch of time in which an alert was pending or firing. */
export interface AlertPhase {
  readonly state: 'pending' | 'firing';
  readonly startMs: number;
  readonly endMs: number;
}

/** What one alert would have done. */
export interface AlertHistory {
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of time; between them it was inactive. */
  readonly phases: readonly AlertPhase[];
}

export interface BacktestSummary {
  /** How often any alert of the rule began to fire. */
  readonly firings: number;
  readonly longestMs: number;
}

/** Runs each series through the states of an alert, as Prometheus would have at these evaluations (rules/alerting.go: AlertingRule.Eval). */
export function backtest(series: readonly ConditionSeries[], options: BacktestOptions): readonly AlertHistory[] {
  return series.map(({ labels, values }) => ({ labels, phases: phasesOf(values, options) })).filter(({ phases }) => phases.length > 0);
}

export function summarise(histories: readonly AlertHistory[]): BacktestSummary {
  const firing = histories.flatMap(({ phases }) => phases.filter(({ state }) => state === 'firing'));
  return { firings: firing.length, longestMs: Math.max(0, ...firing.map(({ startMs, endMs }) => endMs - startMs)) };
}

function phasesOf(values: readonly (number | null)[], { startMs, stepMs, forMs, keepFiringForMs }: BacktestOptions): readonly AlertPhase[] {
  const phases: AlertPhase[] = [];
  let activeAt: number | undefined;
  let phase: AlertPhase | undefined;
  let keepUntilMs: number | undefined;
  const close = (endMs: number): void => {
    if (phase) phases.push({ ...phase, endMs });
    phase = undefined;
  };
  const lastMs = startMs + (values.length - 1) * stepMs;
  values.forEach((value, index) => {
    const nowMs = startMs + index * stepMs;
    if (value === null) {
      // A firing alert is kept on for a while after its condition has ended.
      if (phase?.state === 'firing' && keepFiringForMs > 0) {
        keepUntilMs ??= nowMs + keepFiringForMs;
        if (nowMs < keepUntilMs) return;
      }
      close(nowMs);
      activeAt = undefined;
      return;
    }
    keepUntilMs = undefined;
    activeAt ??= nowMs;
    const state = nowMs - activeAt >= forMs ? 'firing' : 'pending';
    // What fires goes on firing.
    if (phase?.state === 'firing' || phase?.state === state) return;
    close(nowMs);
    phase = { state, startMs: nowMs, endMs: nowMs };
  });
  close(lastMs);
  return phases;
}
