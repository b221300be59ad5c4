import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPrometheusConfig } from '../../../src/receive/scrape/read-prometheus-config.ts';
import { resolveTargets } from '../../../src/receive/scrape/target-labels.ts';
import { alignedTimestampMs, scrapeOffsetMs, spreadHash } from '../../../src/receive/scrape/scrape-schedule.ts';
import { labelsToRecord } from '../../../src/model/labels.ts';

/** Problems as `line:column severity message`, lines and columns from 1. */
function problemsOf(text: string): string[] {
  return readPrometheusConfig(text, '/work').problems.map(({ severity, message, startLine, startColumn }) => `${startLine + 1}:${startColumn + 1} ${severity} ${message}`);
}

const job = (more: string): string => `scrape_configs:\n- job_name: j\n  ${more}\n`;

suite('readPrometheusConfig', () => {
  test('an empty file has Prometheus\'s defaults', () => {
    assert.deepEqual(readPrometheusConfig('', '/work'), {
      config: { scrapeIntervalMs: 60_000, evaluationIntervalMs: 60_000, ruleQueryOffsetMs: 0, externalLabels: {}, ruleFiles: [], scrapeConfigs: [], alerting: undefined },
      problems: [],
    });
  });

  test('a job inherits from global and has defaults of its own', () => {
    const { config, problems } = readPrometheusConfig(`global: {scrape_interval: 5s, sample_limit: 7, body_size_limit: 1MB, external_labels: {a: 1}}\n${job('static_configs: [{targets: [h]}]')}`, '/work');
    assert.deepEqual(problems, []);
    assert.deepEqual(config.externalLabels, { a: '1' });
    const [scrape] = config.scrapeConfigs;
    assert.deepEqual(
      [scrape!.intervalMs, scrape!.timeoutMs, scrape!.limits.samples, scrape!.limits.bodySizeBytes, scrape!.metricsPath, scrape!.honorTimestamps, scrape!.http.followRedirects],
      [5000, 5000, 7, 1_048_576, '/metrics', true, true],
    );
  });

  test('paths are taken from the file\'s folder; rule files and alerting are handed on', () => {
    const { config } = readPrometheusConfig('rule_files: [rules/*.yml, /etc/r.yml]\nalerting: {alertmanagers: [{static_configs: [{targets: [a]}]}]}\n', '/work');
    assert.deepEqual(config.ruleFiles, ['/work/rules/*.yml', '/etc/r.yml']);
    assert.deepEqual(config.alerting, { alertmanagers: [{ static_configs: [{ targets: ['a'] }] }] });
  });

  test('environment variables are not expanded', () => {
    assert.equal(readPrometheusConfig(job('metrics_path: /${HOME}'), '/').config.scrapeConfigs[0]!.metricsPath, '/${HOME}');
  });

  const BAD: readonly (readonly [text: string, ...problems: string[]])[] = [
    ['foo: 1\n', '1:1 error field foo not found in type config.plain'],
    ['global: {scrape_interval: 5}\n', '1:27 error not a valid duration string: "5"'],
    ['global: {scrape_interval: 5s, scrape_timeout: 6s}\n', '1:31 error global scrape timeout greater than scrape interval'],
    ['rule_files: ["a*/b"]\n', '1:14 error invalid rule file path "a*/b"'],
    ['scrape_configs: [~]\n', '1:18 error empty or null scrape config section'],
    ['scrape_configs:\n- honor_labels: true\n', '2:3 error job_name is empty'],
    [job('scrape_intervall: 5s'), '3:3 error field scrape_intervall not found in type config.ScrapeConfig'],
    [job('scrape_timeout: 2m'), '3:3 error scrape timeout greater than scrape interval for scrape config with job name "j"'],
    [job('static_configs: [{targets: ["http://h/metrics"]}]'), '3:31 error "http://h/metrics" is not a valid hostname'],
    [job('sample_limit: many'), '3:17 error cannot unmarshal !!str `many` into uint'],
    [job('static_configs: {targets: [h]}'), '3:19 error cannot unmarshal !!map into []*targetgroup.Group'],
    [job('kubernetes_sd_configs: [{role: pod}]'), '3:3 warning kubernetes_sd_configs is not supported yet and is ignored'],
    [job('oauth2: {client_id: x}'), '3:3 warning oauth2 is not supported yet and is ignored'],
    [job('basic_auth: {username: u}\n  bearer_token: t'), '3:15 error at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured'],
    [job('authorization: {type: Basic, credentials: x}'), '3:25 error authorization type cannot be set to "basic", use "basic_auth" instead'],
    [job('http_headers: {host: {values: [x]}}'), '3:18 error setting header "host" is not allowed'],
    [job('scrape_protocols: [X]'), '3:21 error scrape_protocols: unknown scrape protocol X, supported: [OpenMetricsText0.0.1 OpenMetricsText1.0.0 PrometheusProto PrometheusText0.0.4 PrometheusText1.0.0] for scrape config with job name "j"'],
    [job('file_sd_configs: [{files: ["a.txt"]}]'), '3:29 error path name "a.txt" is not valid for file discovery'],
    [job('relabel_configs: [{action: eat}]'), '3:30 error unknown relabel action "eat"'],
    [job('relabel_configs: [{action: hashmod, target_label: a}]'), '3:21 error relabel configuration for hashmod requires non-zero modulus'],
    [job('relabel_configs: [{regex: a}]'), '3:21 error relabel configuration for replace action requires \'target_label\' value'],
    [job('relabel_configs: [{action: labeldrop, regex: a, source_labels: [b]}]'), '3:21 error labeldrop action requires only \'regex\', and no other fields'],
    [job('relabel_configs: [{target_label: a, regex: "("}]'), '3:46 error error parsing regexp: missing closing ): `^(?s:()$`'],
    [`${job('scheme: http')}- job_name: j\n`, '4:3 error found multiple scrape configs with job name "j"'],
    ['remote_write: []\n', '1:1 warning remote_write is not supported yet and is ignored'],
  ];
  for (const [text, ...problems] of BAD) test(JSON.stringify(text.replace('scrape_configs:\n- job_name: j\n  ', '')), () => assert.deepEqual(problemsOf(text), problems));

  test('a job with an error is left out, the others stay', () => {
    const { config } = readPrometheusConfig('scrape_configs: [{job_name: a, x: 1}, {job_name: b}]', '/');
    assert.deepEqual(config.scrapeConfigs.map(({ jobName }) => jobName), ['b']);
  });

  test('any text gives a configuration and problems, never an exception', () => {
    const piece = fc.constantFrom('scrape_configs:', '\n- ', 'job_name: ', 'x', '\n  ', 'static_configs: ', '[', ']', '{', '}', 'targets: ', ', ', 'global:', 'relabel_configs: ', 'action: drop', '"', '5s', 'scrape_interval: ', 'null', '&a ', '*a', 'regex: (');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const { config } = readPrometheusConfig(pieces.join(''), '/work');
        for (const scrape of config.scrapeConfigs) resolveTargets(scrape, scrape.staticGroups);
      }),
      { numRuns: 1000 },
    );
  });
});

suite('resolveTargets', () => {
  const resolve = (more: string): ReturnType<typeof resolveTargets> => {
    const [config] = readPrometheusConfig(job(more), '/').config.scrapeConfigs;
    return resolveTargets(config!, config!.staticGroups);
  };

  test('labels of the group, of relabelling, and what is left of the internal ones', () => {
    const { active } = resolve(
      'static_configs: [{targets: [h:1], labels: {env: dev, __meta_x: m, __metrics_path__: /own}}]\n  relabel_configs: [{source_labels: [__meta_x], target_label: x}, {source_labels: [__address__], target_label: __address__, replacement: "p:$1"}]'.replace('p:$1', 'other:80'),
    );
    assert.deepEqual(active.map(({ labels, url }) => [labelsToRecord(labels), url]), [[{ env: 'dev', instance: 'other:80', job: 'j', x: 'm' }, 'http://other:80/own']]);
  });

  test('equal targets count once', () => {
    assert.equal(resolve('static_configs: [{targets: [h:1, h:1]}, {targets: [h:1]}]').active.length, 1);
  });

  test('relabelling may set interval and timeout, within reason', () => {
    const { active } = resolve('static_configs: [{targets: [h], labels: {__scrape_interval__: 3s, __scrape_timeout__: 2s}}]');
    assert.deepEqual([active[0]!.intervalMs, active[0]!.timeoutMs], [3000, 2000]);
    const { problems } = resolve('static_configs: [{targets: [h], labels: {__scrape_interval__: 3s, __scrape_timeout__: 4s}}]');
    assert.deepEqual(problems, ['instance 0 in group h: scrape timeout cannot be greater than scrape interval ("4s" > "3s")']);
  });
});

suite('scrape schedule', () => {
  test('a target keeps its place in the interval, whenever it is asked', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 600_000 }), fc.integer({ min: 0, max: 2 ** 41 }), fc.integer({ min: 0, max: 10_000_000 }), (id, intervalMs, nowMs, laterMs) => {
        const hash = spreadHash(id);
        const place = (at: number): number => (at + scrapeOffsetMs(hash, intervalMs, at)) % intervalMs;
        const offset = scrapeOffsetMs(hash, intervalMs, nowMs);
        assert.ok(offset > 0 && offset <= intervalMs);
        assert.equal(place(nowMs), place(nowMs + laterMs));
      }),
    );
  });

  test('targets are spread', () => {
    const places = Array.from({ length: 1000 }, (_, i) => scrapeOffsetMs(spreadHash(`target ${i}`), 10_000, 0));
    for (let from = 0; from < 10_000; from += 1000) {
      const count = places.filter((place) => place > from && place <= from + 1000).length;
      assert.ok(count > 50 && count < 150, `${count} in ${from}`);
    }
  });

  test('a scrape that is hardly late gets the time it should have had', () => {
    assert.deepEqual([1000, 1002, 1003, 999].map((nowMs) => alignedTimestampMs(1000, nowMs, 15_000)), [1000, 1000, 1003, 999]);
    assert.equal(alignedTimestampMs(1000, 1002, 100), 1002);
  });
});
