import type { Alert } from '../model/alert.ts';
import { labelsKey, type Labels } from '../model/labels.ts';
import { MetricBatchBuilder, type MetricBatch } from '../model/metric-batch.ts';
import { AlertingState } from './alerting-state.ts';
import { evaluateRecording } from './evaluate-recording.ts';
import type { Rule, RuleGroup } from './rule-file.ts';
import type { RuleEnvironment, RuleMoment, RuleSample } from './rule-query.ts';

/** How a rule fared the last time; times in ms. */
export interface RuleStatus {
  readonly rule: Rule;
  readonly alerting: AlertingState | undefined;
  readonly health: 'unknown' | 'ok' | 'err';
  readonly lastError: string;
  readonly evaluatedAtMs: number | undefined;
  readonly durationMs: number;
}

interface RunningRule {
  status: RuleStatus;
  /** The series of the last evaluation: what is not there the next time is marked as ended. */
  series: Map<string, Labels>;
}

/** What a group needs of its surroundings. */
export interface GroupEnvironment extends RuleEnvironment {
  /** Stores a batch; rejects when it could not be stored. */
  readonly append: (batch: MetricBatch) => Promise<void>;
  readonly nowMs: () => number;
  /** Called for each rule that was evaluated; the problem is '' when it went well. */
  readonly onEvaluated?: (rule: Rule, problem: string) => void;
  /** Takes what is due to be sent. */
  readonly send?: (alerts: readonly Alert[]) => void;
  readonly resendDelayMs?: number;
}

/** The rules of one group with their state. Rules are evaluated one after the other, because later ones may read what earlier ones wrote. */
export class GroupState {
  readonly group: RuleGroup;
  readonly intervalMs: number;
  readonly queryOffsetMs: number;
  readonly #rules: RunningRule[];
  #ended: Labels[] = [];
  lastEvaluationMs: number | undefined;
  durationMs = 0;

  constructor(group: RuleGroup, defaults: { readonly intervalMs: number; readonly queryOffsetMs: number; readonly isRestored: boolean }) {
    this.group = group;
    this.intervalMs = group.intervalMs ?? defaults.intervalMs;
    this.queryOffsetMs = group.queryOffsetMs ?? defaults.queryOffsetMs;
    this.#rules = group.rules.map((rule) => ({
      status: { rule, alerting: rule.kind === 'alerting' ? new AlertingState(rule, defaults.isRestored) : undefined, health: 'unknown', lastError: '', evaluatedAtMs: undefined, durationMs: 0 },
      series: new Map(),
    }));
  }

  get rules(): readonly RuleStatus[] {
    return this.#rules.map(({ status }) => status);
  }

  /** Evaluates all rules for a time. Never rejects: a rule that fails is marked, and the others go on. */
  async evaluate(timeMs: number, environment: GroupEnvironment): Promise<void> {
    const startedMs = environment.nowMs();
    for (const running of this.#rules) await this.#evaluateOne(running, timeMs, environment);
    if (this.#ended.length > 0) {
      const batch = new MetricBatchBuilder();
      this.#markEnded(batch, this.#ended, timeMs);
      this.#ended = [];
      await environment.append(batch.build()).catch(() => undefined);
    }
    this.lastEvaluationMs = startedMs;
    this.durationMs = environment.nowMs() - startedMs;
  }

  /** Takes over the state of the group as it was before its file changed: the nth rule of a name and labels from the nth. */
  copyFrom(other: GroupState): void {
    const left = [...other.#rules];
    for (const running of this.#rules) {
      const at = left.findIndex(({ status }) => identity(status.rule) === identity(running.status.rule));
      if (at < 0) continue;
      const [before] = left.splice(at, 1);
      running.series = before!.series;
      if (before!.status.alerting) running.status.alerting?.copyFrom(before!.status.alerting);
      running.status = { ...running.status, health: before!.status.health, lastError: before!.status.lastError, evaluatedAtMs: before!.status.evaluatedAtMs, durationMs: before!.status.durationMs };
    }
    this.#ended = [...other.#ended, ...left.flatMap(({ series }) => [...series.values()])];
    this.lastEvaluationMs = other.lastEvaluationMs;
    this.durationMs = other.durationMs;
  }

  /** Marks all series of the group as ended: it is evaluated no more. */
  async end(timeMs: number, environment: GroupEnvironment): Promise<void> {
    const batch = new MetricBatchBuilder();
    this.#markEnded(batch, [...this.#ended, ...this.#rules.flatMap(({ series }) => [...series.values()])], timeMs);
    await environment.append(batch.build()).catch(() => undefined);
  }

  async #evaluateOne(running: RunningRule, timeMs: number, environment: GroupEnvironment): Promise<void> {
    const startedMs = environment.nowMs();
    const { rule, alerting } = running.status;
    const moment: RuleMoment = { timeMs, queryOffsetMs: this.queryOffsetMs, limit: this.group.limit };
    let problem = '';
    try {
      const samples = await (alerting ? alerting.evaluate(environment, moment) : rule.kind === 'recording' ? evaluateRecording(rule, environment.query, moment) : []);
      if (alerting && environment.send) {
        const due = alerting.takeDue(timeMs, environment.resendDelayMs ?? 60_000, this.intervalMs, environment.externalUrl);
        if (due.length > 0) environment.send(due);
      }
      await this.#store(running, samples, timeMs, environment);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    running.status = { ...running.status, health: problem === '' ? 'ok' : 'err', lastError: problem, evaluatedAtMs: startedMs, durationMs: environment.nowMs() - startedMs };
    environment.onEvaluated?.(rule, problem);
  }

  async #store(running: RunningRule, samples: readonly RuleSample[], timeMs: number, environment: GroupEnvironment): Promise<void> {
    const batch = new MetricBatchBuilder();
    const series = new Map<string, Labels>();
    for (const { labels, value, histogram } of samples) {
      series.set(labelsKey(labels), labels);
      batch.startSeries(labels);
      if (histogram) batch.addHistogram(timeMs - this.queryOffsetMs, histogram);
      else batch.addFloat(timeMs - this.queryOffsetMs, value);
    }
    this.#markEnded(batch, [...running.series].filter(([key]) => !series.has(key)).map(([, labels]) => labels), timeMs);
    running.series = series;
    if (batch.sampleCount > 0) await environment.append(batch.build());
  }

  #markEnded(batch: MetricBatchBuilder, series: readonly Labels[], timeMs: number): void {
    for (const labels of series) {
      batch.startSeries(labels);
      batch.addStale(timeMs - this.queryOffsetMs);
    }
  }
}

function identity({ kind, name, labels }: Rule): string {
  return JSON.stringify([kind, name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
