import { formatPrometheusDuration } from '../../base/prometheus-duration.ts';
import { labelsFromRecord, labelsToRecord } from '../../model/labels.ts';
import { formatLabels } from '../format-labels.ts';
import type { GroupState } from '../group-state.ts';
import type { UnitTestFailure } from './run-unit-test.ts';
import type { AlertTest } from './unit-test-file.ts';

/** Compares the alerts of a name that fire with those that are expected. */
export function compareAlerts(test: AlertTest, groups: readonly GroupState[], title: string): readonly UnitTestFailure[] {
  const rules = groups.flatMap(({ rules: all }) => all.filter(({ rule }) => rule.kind === 'alerting' && rule.name === test.alertName));
  const firing = rules.flatMap(({ alerting }) => (alerting?.active() ?? []).filter(({ state }) => state === 'firing'));
  const got = listed(firing.map(({ labels, annotations }) => show(labelsToRecord(labels), annotations)));
  const expected = listed(test.alerts.map(({ labels, annotations }) => show({ ...labels, alertname: test.alertName }, annotations)));
  if (got === expected) return [];
  const message = `${title}    alertname: ${test.alertName}, time: ${formatPrometheusDuration(test.timeMs)}, \n        exp:${indent(expected)}, \n        got:${indent(got)}`;
  return [{ message, place: test.place, expected, got }];
}

function show(labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>): string {
  return `  Labels:${formatLabels(labelsFromRecord(labels))}\n  Annotations:${formatLabels(labelsFromRecord(annotations))}`;
}

function listed(alerts: readonly string[]): string {
  if (alerts.length === 0) return '[]';
  return `[\n${[...alerts].sort().map((alert, i) => `${i}:\n${alert}`).join(',\n')}\n]`;
}

function indent(text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(12)}`);
}
