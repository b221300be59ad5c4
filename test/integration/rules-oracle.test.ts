import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { findPrometheus, startPrometheus, type PrometheusProcess } from './support/oracle-process.ts';
import { remoteWrite } from './support/remote-write-client.ts';

const RULES = `groups:
- name: g
  interval: 1s
  labels: {team: a}
  rules:
  - {record: 'job:errors:sum', expr: 'sum by (job) (errors)'}
  - alert: Now
    expr: job:errors:sum > 2
    labels: {severity: '{{ if gt $value 5.0 }}page{{ else }}warn{{ end }}'}
    annotations: {summary: '{{ $labels.job }} {{ $value | humanize }} {{ with query "count(errors)" }}{{ . | first | value }}{{ end }}'}
  - {alert: Later, expr: 'errors > 2', for: 1h, annotations: {text: '{{ $value }}'}}
  - {alert: Broken, expr: 'errors * on () errors'}
  - {alert: Never, expr: 'errors > 100'}
`;

interface AlertJson {
  readonly labels: Readonly<Record<string, string>>;
  readonly activeAt: string;
}

async function alertsOf(url: string): Promise<readonly AlertJson[]> {
  const response = await fetch(`${url}/api/v1/alerts`);
  const body = (await response.json()) as { readonly data: { readonly alerts: readonly AlertJson[] } };
  return [...body.data.alerts].sort((a, b) => (JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1));
}

/** Asks again until four alerts are there. */
async function settledAlerts(url: string): Promise<readonly AlertJson[]> {
  for (;;) {
    const alerts = await alertsOf(url);
    if (alerts.length >= 4) return alerts;
    await delay(100);
  }
}

suite('rules beside Prometheus', function () {
  this.timeout(40_000);
  const program = findPrometheus();
  const folder = mkdtempSync(join(tmpdir(), 'rules-oracle-'));
  let collector: CollectorProcess | undefined;
  let prometheus: PrometheusProcess | undefined;

  suiteSetup(async function () {
    if (program === undefined) {
      process.stderr.write('SKIPPED: no Prometheus 3.5 to compare rules with\n');
      this.skip();
    }
    writeFileSync(join(folder, 'rules.yml'), RULES);
    writeFileSync(join(folder, 'prometheus.yml'), 'global: {external_labels: {zone: z}}\nrule_files: [rules.yml]\n');
    [collector, prometheus] = await Promise.all([
      startCollectorProcess(join(folder, 'data'), ['--config', join(folder, 'prometheus.yml')]),
      startPrometheus(program, [], join(folder, 'prometheus.yml')),
    ]);
  });

  suiteTeardown(async () => {
    await Promise.all([collector?.stop(), prometheus?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('the same alerts with the same labels, annotations, values and times', async () => {
    assert.ok(collector && prometheus);
    const nowMs = Date.now();
    const series = [['a', 7], ['b', 3]].map(([job, value]) => ({ labels: labelsFromRecord({ __name__: 'errors', job: String(job) }), samples: [[nowMs, Number(value)] as const] }));
    await Promise.all([remoteWrite(collector.api, series), remoteWrite(prometheus.url, series)]);
    const [mine, theirs] = await Promise.all([settledAlerts(collector.api), settledAlerts(prometheus.url)]);
    const withoutTime = (alerts: readonly AlertJson[]): unknown => alerts.map((alert) => ({ ...alert, activeAt: '' }));
    assert.deepEqual(withoutTime(mine), withoutTime(theirs));
    mine.forEach(({ activeAt }, i) => assert.ok(Math.abs(Date.parse(activeAt) - Date.parse(theirs[i]!.activeAt)) <= 2000));
  });
});
