import type { Alert } from '../model/alert.ts';
import { labelsFromRecord, labelsKey, labelsToRecord, METRIC_NAME, type Labels } from '../model/labels.ts';
import { histogramText } from '../promql/histogram-text.ts';
import type { AlertingRule } from './rule-file.ts';
import type { RuleEnvironment, RuleMoment, RuleSample } from './rule-query.ts';
import { ALERT_DEFINITIONS, alertTemplateData, expandTemplate, type TemplateContext } from './template/expand-template.ts';
import { queryEscape } from './template/functions/net.ts';

/** How long a resolved alert is kept, and so reported as resolved. */
const RESOLVED_RETENTION_MS = 15 * 60_000;

export type AlertState = 'inactive' | 'pending' | 'firing';

/** One alert of a rule. Times in ms since the epoch, undefined when it has not happened. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: AlertState;
  readonly value: number;
  readonly activeAtMs: number;
  readonly firedAtMs: number | undefined;
  readonly resolvedAtMs: number | undefined;
  readonly keepFiringSinceMs: number | undefined;
}

type MutableAlert = { -readonly [Key in keyof ActiveAlert]: ActiveAlert[Key] } & { lastSentMs: number; validUntilMs: number };

/** The alerts of one alerting rule from evaluation to evaluation (prometheus/rules: AlertingRule). */
export class AlertingState {
  readonly rule: AlertingRule;
  readonly #alerts = new Map<string, MutableAlert>();
  /** Until what was before the start has been restored, nothing is recorded that would overwrite it. */
  isRestored: boolean;

  constructor(rule: AlertingRule, isRestored: boolean) {
    this.rule = rule;
    this.isRestored = isRestored;
  }

  /** Evaluates the rule once; gives ALERTS and ALERTS_FOR_STATE. Rejects with a text for people, and then nothing has changed. */
  async evaluate(environment: RuleEnvironment, moment: RuleMoment): Promise<readonly RuleSample[]> {
    const { timeMs, queryOffsetMs, limit } = moment;
    const vector = await environment.query(this.rule.expr, timeMs - queryOffsetMs);
    const found = new Map<string, MutableAlert>();
    for (const sample of vector) {
      const alert = await this.#expand(sample, environment, moment);
      const key = labelsKey(alert.labels);
      if (found.has(key)) throw new Error('vector contains metrics with the same labelset after applying alert labels');
      found.set(key, alert);
    }
    for (const [key, alert] of found) {
      const known = this.#alerts.get(key);
      if (known && known.state !== 'inactive') {
        known.value = alert.value;
        known.annotations = alert.annotations;
      } else this.#alerts.set(key, alert);
    }
    const samples: RuleSample[] = [];
    let active = 0;
    for (const [key, alert] of this.#alerts) {
      if (!this.#advance(key, alert, found.has(key), timeMs)) continue;
      active++;
      if (this.isRestored) samples.push(...recorded(alert));
    }
    if (limit > 0 && active > limit) {
      this.#alerts.clear();
      throw new Error(`exceeded limit of ${limit} with ${active} alerts`);
    }
    return samples;
  }

  /** The state of the rule: the worst of its alerts. */
  get state(): AlertState {
    const states = new Set([...this.#alerts.values()].map(({ state }) => state));
    return states.has('firing') ? 'firing' : states.has('pending') ? 'pending' : 'inactive';
  }

  /** Alerts that are pending or firing. */
  active(): readonly ActiveAlert[] {
    return [...this.#alerts.values()].filter(({ resolvedAtMs }) => resolvedAtMs === undefined);
  }

  /** The alerts that are due to be sent, marked as sent: those that fire or were resolved, at most every `resendDelayMs`. */
  takeDue(timeMs: number, resendDelayMs: number, intervalMs: number, externalUrl: string): readonly Alert[] {
    const due: Alert[] = [];
    for (const alert of this.#alerts.values()) {
      if (alert.state === 'pending') continue;
      const isNews = alert.resolvedAtMs !== undefined && alert.resolvedAtMs > alert.lastSentMs;
      if (!isNews && alert.lastSentMs + resendDelayMs >= timeMs) continue;
      alert.lastSentMs = timeMs;
      alert.validUntilMs = timeMs + 4 * Math.max(resendDelayMs, intervalMs);
      due.push({
        labels: labelsToRecord(alert.labels),
        annotations: alert.annotations,
        startsAtMs: alert.firedAtMs ?? alert.activeAtMs,
        endsAtMs: alert.resolvedAtMs ?? alert.validUntilMs,
        generatorUrl: `${externalUrl}/graph?g0.expr=${queryEscape(this.rule.expr)}&g0.tab=1`,
      });
    }
    return due;
  }

  /** Takes over the alerts of the same rule as it was before its file changed. */
  copyFrom(other: AlertingState): void {
    for (const [key, alert] of other.#alerts) this.#alerts.set(key, alert);
    this.isRestored = other.isRestored;
  }

  /** Sets since when alerts are active, by labels (those of ALERTS_FOR_STATE without the metric's name). */
  restore(activeAtMs: (labels: Labels) => number | undefined): void {
    for (const alert of this.#alerts.values()) alert.activeAtMs = activeAtMs(alert.labels) ?? alert.activeAtMs;
    this.isRestored = true;
  }

  /** Moves one alert on; false when it is not active after that. */
  #advance(key: string, alert: MutableAlert, isFound: boolean, timeMs: number): boolean {
    if (isFound) alert.keepFiringSinceMs = undefined;
    else {
      let isKept = false;
      if (alert.state === 'firing' && this.rule.keepFiringForMs > 0) {
        alert.keepFiringSinceMs ??= timeMs;
        isKept = timeMs - alert.keepFiringSinceMs < this.rule.keepFiringForMs;
      }
      if (alert.state === 'pending' || (alert.resolvedAtMs !== undefined && timeMs - alert.resolvedAtMs > RESOLVED_RETENTION_MS)) this.#alerts.delete(key);
      if (alert.state !== 'inactive' && !isKept) {
        alert.state = 'inactive';
        alert.resolvedAtMs = timeMs;
      }
      if (!isKept) return false;
    }
    if (alert.state === 'pending' && timeMs - alert.activeAtMs >= this.rule.forMs) {
      alert.state = 'firing';
      alert.firedAtMs = timeMs;
    }
    return true;
  }

  async #expand(sample: RuleSample, { query, externalUrl, externalLabels }: RuleEnvironment, { timeMs, queryOffsetMs }: RuleMoment): Promise<MutableAlert> {
    const queryTimeMs = timeMs - queryOffsetMs;
    const record = labelsToRecord(sample.labels);
    const shown = (value: RuleSample): number | string => (value.histogram ? histogramText(value.histogram) : value.value);
    const data = alertTemplateData(record, externalLabels, externalUrl, shown(sample));
    const context: TemplateContext = {
      timeMs, externalUrl,
      query: async (expr) => (await query(expr, queryTimeMs)).map((found) => ({ labels: found.labels, value: shown(found) })),
    };
    const expand = async (text: string): Promise<string> => {
      const result = await expandTemplate(`__alert_${this.rule.name}`, text.includes('{{') ? ALERT_DEFINITIONS + text : text, data, context);
      return result.ok ? result.value : `<error expanding template: ${result.error}>`;
    };
    const labels: Record<string, string> = { ...record, [METRIC_NAME]: '' };
    for (const [name, text] of Object.entries(this.rule.labels)) labels[name] = await expand(text);
    labels['alertname'] = this.rule.name;
    const annotations: Record<string, string> = {};
    for (const [name, text] of Object.entries(this.rule.annotations)) annotations[name] = await expand(text);
    return {
      labels: labelsFromRecord(labels), annotations, state: 'pending', value: sample.histogram ? 0 : sample.value, activeAtMs: timeMs,
      firedAtMs: undefined, resolvedAtMs: undefined, keepFiringSinceMs: undefined, lastSentMs: 0, validUntilMs: 0,
    };
  }
}

function recorded({ labels, state, activeAtMs }: ActiveAlert): readonly RuleSample[] {
  const record = labelsToRecord(labels);
  return [
    { labels: labelsFromRecord({ ...record, [METRIC_NAME]: 'ALERTS', alertstate: state }), value: 1, histogram: undefined },
    { labels: labelsFromRecord({ ...record, [METRIC_NAME]: 'ALERTS_FOR_STATE' }), value: Math.floor(activeAtMs / 1000), histogram: undefined },
  ];
}
