import { quoteGoString } from '../../base/go-quote.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { labelsFromPairs, METRIC_NAME, type Labels } from '../../model/labels.ts';
import { labelsToMap, type Relabel } from '../../model/relabel.ts';
import type { ScrapeLimits } from './scrape-config.ts';

const EXPORTED_PREFIX = 'exported_';
const LEGACY_METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LEGACY_LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** How the series of a target get their final labels. */
export interface SampleLabelRules {
  /** The target's public labels, such as job and instance. */
  readonly targetLabels: Labels;
  readonly honorLabels: boolean;
  readonly relabel: Relabel;
  readonly isLegacyNames: boolean;
  readonly limits: Pick<ScrapeLimits, 'labels' | 'labelNameLength' | 'labelValueLength'>;
}

/**
 * From the labels in the exposition to those in storage (prometheus/scrape: mutateSampleLabels, then the checks of scrapeLoop.append).
 * Undefined when relabelling drops the series; an error fails the whole scrape.
 */
export function finalSampleLabels(exposed: Labels, rules: SampleLabelRules): Result<Labels | undefined, string> {
  const labels = labelsToMap(exposed);
  if (rules.honorLabels) addMissing(labels, rules.targetLabels);
  else overrideWith(labels, rules.targetLabels);
  if (!rules.relabel(labels) || labels.size === 0) return ok(undefined);
  const name = labels.get(METRIC_NAME);
  if (name === undefined) return fail('missing metric name (__name__ label)');
  const final = labelsFromPairs(labels);
  if (rules.isLegacyNames && !isLegacy(final)) return fail(`invalid metric name or label names: ${labelsText(final)}`);
  const problem = limitProblem(final, name, rules.limits);
  return problem === undefined ? ok(final) : fail(problem);
}

function addMissing(labels: Map<string, string>, targetLabels: Labels): void {
  for (let i = 0; i < targetLabels.length; i += 2) if (!labels.has(targetLabels[i]!)) labels.set(targetLabels[i]!, targetLabels[i + 1]!);
}

/** The target's labels win; what was exposed under their names moves to exported_NAME. */
function overrideWith(labels: Map<string, string>, targetLabels: Labels): void {
  const conflicts: [string, string][] = [];
  for (let i = 0; i < targetLabels.length; i += 2) {
    const name = targetLabels[i]!;
    const exposed = labels.get(name);
    if (exposed !== undefined) conflicts.push([name, exposed]);
    labels.set(name, targetLabels[i + 1]!);
  }
  conflicts.sort(([a], [b]) => a.length - b.length);
  for (const [name, value] of conflicts) {
    let moved = EXPORTED_PREFIX + name;
    while (labels.has(moved)) moved = EXPORTED_PREFIX + moved;
    labels.set(moved, value);
  }
}

function isLegacy(labels: Labels): boolean {
  for (let i = 0; i < labels.length; i += 2) {
    if (labels[i] === METRIC_NAME ? !LEGACY_METRIC_NAME.test(labels[i + 1]!) : !LEGACY_LABEL_NAME.test(labels[i]!)) return false;
  }
  return true;
}

function limitProblem(labels: Labels, metric: string, limits: SampleLabelRules['limits']): string | undefined {
  const shown = metric.slice(0, 50);
  const count = labels.length / 2;
  if (limits.labels > 0 && count > limits.labels) {
    return `label_limit exceeded (metric: ${shown}, number of labels: ${count}, limit: ${limits.labels})`;
  }
  if (limits.labelNameLength === 0 && limits.labelValueLength === 0) return undefined;
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    const nameLength = Buffer.byteLength(name);
    if (limits.labelNameLength > 0 && nameLength > limits.labelNameLength) {
      return `label_name_length_limit exceeded (metric: ${shown}, label name: ${name.slice(0, 50)}, length: ${nameLength}, limit: ${limits.labelNameLength})`;
    }
    const value = labels[i + 1]!;
    const valueLength = Buffer.byteLength(value);
    if (limits.labelValueLength > 0 && valueLength > limits.labelValueLength) {
      return `label_value_length_limit exceeded (metric: ${shown}, label name: ${name.slice(0, 50)}, value: ${quoteGoString(value.slice(0, 50))}, length: ${valueLength}, limit: ${limits.labelValueLength})`;
    }
  }
  return undefined;
}

function labelsText(labels: Labels): string {
  const pairs: string[] = [];
  for (let i = 0; i < labels.length; i += 2) pairs.push(`${labels[i]!}=${quoteGoString(labels[i + 1]!)}`);
  return `{${pairs.join(', ')}}`;
}
