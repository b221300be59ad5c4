import { stat } from 'node:fs/promises';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/event.ts';
import type { Alert } from '../../model/alert.ts';
import { labelsFromRecord, labelsKey, labelsToRecord, METRIC_NAME } from '../../model/labels.ts';
import { GroupState, type GroupEnvironment } from '../../rules/group-state.ts';
import type { Rule } from '../../rules/rule-file.ts';
import type { Log } from '../log.ts';
import type { Workers } from '../workers.ts';
import { expandGlob } from './expand-glob.ts';
import { describeProblem, loadRuleFile } from './load-rule-file.ts';

/** A new group is evaluated within this time, so that whoever wrote it sees its state. */
const FIRST_EVALUATION_MS = 1000;
/** How often rule files are looked at for changes. */
const WATCH_MS = 2000;
/** Alerts of longer ago are not taken up again after a restart; as Prometheus's outage tolerance. */
const OUTAGE_TOLERANCE_MS = 3_600_000;

/** The rules that one prometheus.yml names. */
export interface RuleSource {
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  readonly queryOffsetMs: number;
  readonly externalLabels: Readonly<Record<string, string>>;
}

interface RunningGroup {
  readonly file: string;
  state: GroupState;
  source: RuleSource;
  text: string;
  timer: NodeJS.Timeout | undefined;
  isEnded: boolean;
}

/** A group as the API shows it. */
export interface GroupView {
  readonly file: string;
  readonly state: GroupState;
}

/** Evaluates the groups of all rule files that are in force, each at its interval, and follows changes of the files. */
export class RuleManager implements Disposable {
  readonly #workers: Workers;
  readonly #log: Log;
  readonly #externalUrl: () => string;
  readonly #onEvaluated: (rule: Rule, problem: string) => void;
  readonly #groups = new Map<string, RunningGroup>();
  readonly #alerts = new Emitter<readonly Alert[]>();
  readonly #isExperimental: boolean;
  #sources: readonly RuleSource[] = [];
  #seen = '';
  #watch: NodeJS.Timeout | undefined;
  #isDisposed = false;

  /** Alerts that are due to be sent: again and again while they fire, and once more when they are resolved. */
  readonly onAlerts: Event<readonly Alert[]> = this.#alerts.event;

  constructor(workers: Workers, log: Log, options: { readonly isExperimental: boolean; readonly externalUrl: () => string; readonly onEvaluated: (rule: Rule, problem: string) => void }) {
    this.#workers = workers;
    this.#log = log;
    this.#isExperimental = options.isExperimental;
    this.#externalUrl = options.externalUrl;
    this.#onEvaluated = options.onEvaluated;
    this.#scheduleWatch();
  }

  /** Evaluates exactly the rules of these sources from now on. */
  async apply(sources: readonly RuleSource[]): Promise<void> {
    this.#sources = sources;
    this.#seen = '';
    await this.#refresh();
  }

  groups(): readonly GroupView[] {
    return [...this.#groups.values()].map(({ file, state }) => ({ file, state }));
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#watch);
    for (const { timer } of this.#groups.values()) clearTimeout(timer);
    this.#alerts.dispose();
  }

  #scheduleWatch(): void {
    if (this.#isDisposed) return;
    this.#watch = setTimeout(() => {
      void this.#refresh()
        .catch((error: unknown) => this.#log.error('rule files could not be read', { error: String(error) }))
        .finally(() => this.#scheduleWatch());
    }, WATCH_MS).unref();
  }

  /** Reads the files anew when one of them has changed. A file with a problem keeps the groups it had. */
  async #refresh(): Promise<void> {
    const sources = this.#sources;
    const named = (await Promise.all(sources.map(async (source) => (await Promise.all(source.ruleFiles.map(expandGlob))).flat().map((file) => ({ file, source }))))).flat();
    const marks = await Promise.all(named.map(async ({ file }) => stat(file).then(({ mtimeMs, size }) => `${file} ${mtimeMs} ${size}`, () => file)));
    const seen = marks.join('\n');
    if (seen === this.#seen && sources.length > 0) return;
    this.#seen = seen;
    const wanted = new Set<string>();
    for (const { file, source } of named) {
      const { groups, problems } = await loadRuleFile(file, { experimental: this.#isExperimental });
      const errors = problems.filter(({ severity }) => severity === 'error');
      for (const problem of errors) this.#log.error('a rule file has a problem, its rules stay as they were', { problem: describeProblem(file, problem) });
      if (errors.length > 0) {
        for (const [key, running] of this.#groups) if (running.file === file) wanted.add(key);
        continue;
      }
      for (const group of groups) {
        const key = `${file};${group.name}`;
        wanted.add(key);
        this.#start(key, file, source, new GroupState(group, { intervalMs: source.evaluationIntervalMs, queryOffsetMs: source.queryOffsetMs, isRestored: false }));
      }
    }
    for (const [key, running] of this.#groups) {
      if (wanted.has(key)) continue;
      this.#groups.delete(key);
      running.isEnded = true;
      clearTimeout(running.timer);
      await running.state.end(Date.now(), this.#environment(running.source));
    }
  }

  #start(key: string, file: string, source: RuleSource, state: GroupState): void {
    const text = JSON.stringify([state.group, source]);
    const before = this.#groups.get(key);
    if (before?.text === text) return;
    if (before) {
      before.isEnded = true;
      clearTimeout(before.timer);
      state.copyFrom(before.state);
    }
    const running: RunningGroup = { file, state, source, text, timer: undefined, isEnded: false };
    this.#groups.set(key, running);
    this.#schedule(running, Date.now() + Math.min(FIRST_EVALUATION_MS, state.intervalMs));
  }

  #schedule(running: RunningGroup, timeMs: number): void {
    if (running.isEnded || this.#isDisposed) return;
    running.timer = setTimeout(() => {
      void this.#evaluate(running, timeMs).finally(() => {
        // What took longer than the interval is not caught up with.
        const missed = Math.max(0, Math.floor((Date.now() - timeMs) / running.state.intervalMs));
        this.#schedule(running, timeMs + (missed + 1) * running.state.intervalMs);
      });
    }, Math.max(0, timeMs - Date.now())).unref();
  }

  async #evaluate(running: RunningGroup, timeMs: number): Promise<void> {
    await running.state.evaluate(timeMs, this.#environment(running.source));
    for (const { alerting } of running.state.rules) {
      if (!alerting || alerting.isRestored) continue;
      const series = await this.#workers.metrics.call('forState', { alertName: alerting.rule.name, minMs: timeMs - OUTAGE_TOLERANCE_MS, maxMs: timeMs }).catch(() => []);
      const byLabels = new Map(series.map((one) => [labelsKey(labelsFromRecord({ ...labelsToRecord(one.labels), [METRIC_NAME]: '' })), one]));
      alerting.restore((labels) => {
        const found = byLabels.get(labelsKey(labels));
        if (!found) return undefined;
        const activeAtMs = found.value * 1000;
        const wasFiring = found.timestampMs - activeAtMs >= alerting.rule.forMs;
        // The time without evaluations does not count as pending.
        return wasFiring ? activeAtMs : activeAtMs + (timeMs - found.timestampMs);
      });
    }
  }

  #environment(source: RuleSource): GroupEnvironment {
    return {
      query: (expr, timeMs) => this.#workers.metrics.call('vector', { expr, timeMs }),
      append: async (batch) => {
        const { rejected } = await this.#workers.metricsPush.call('append', { batch });
        if (rejected.length > 0) throw new Error(`samples were refused: ${rejected.map(({ reason, count }) => `${reason} (${count})`).join(', ')}`);
      },
      externalUrl: this.#externalUrl(),
      externalLabels: source.externalLabels,
      nowMs: () => Date.now(),
      onEvaluated: this.#onEvaluated,
      send: (alerts) => this.#alerts.fire(alerts.map((alert) => ({ ...alert, labels: { ...source.externalLabels, ...alert.labels } }))),
    };
  }
}
