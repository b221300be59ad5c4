import assert from 'node:assert/strict';
import { labelsToRecord } from '../../../src/model/labels.ts';
import type { MetricBatch } from '../../../src/model/metric-batch.ts';
import { STALE_NAN_BITS } from '../../../src/model/metric.ts';
import { DEFAULT_RELABEL_RULE } from '../../../src/model/relabel.ts';
import { ScrapeAppender, scrapeTargetSpec, type ScrapeTargetSpec } from '../../../src/receive/scrape/scrape-appender.ts';
import { readPrometheusConfig } from '../../../src/receive/scrape/read-prometheus-config.ts';

const TARGET = ['instance', 'h:1', 'job', 'j'];
const REPORTS = new Set(['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'scrape_samples_post_metric_relabeling', 'scrape_series_added']);

function spec(yaml = ''): ScrapeTargetSpec {
  const { config, problems } = readPrometheusConfig(`scrape_configs: [{job_name: j${yaml === '' ? '' : `, ${yaml}`}}]`, '/');
  assert.deepEqual(problems, []);
  return scrapeTargetSpec(TARGET, config.scrapeConfigs[0]!);
}

/** Samples as text without job and instance of the target, report series apart. */
function read(batch: MetricBatch): { samples: string[]; reports: Record<string, number> } {
  const bits = new Uint32Array(batch.values.buffer, batch.values.byteOffset, 2 * batch.values.length);
  const samples: string[] = [];
  const reports: Record<string, number> = {};
  batch.series.forEach((labels, i) => {
    const { __name__: name = '', ...rest } = labelsToRecord(labels);
    if (rest['job'] === 'j') delete rest['job'];
    if (rest['instance'] === 'h:1') delete rest['instance'];
    for (let j = batch.offsets[i]!; j < batch.offsets[i + 1]!; j++) {
      const isStale = bits[2 * j] === STALE_NAN_BITS.low && bits[2 * j + 1] === STALE_NAN_BITS.high;
      const pairs = Object.entries(rest).map(([key, value]) => `${key}=${value}`);
      const shown = isStale ? 'stale' : String(batch.values[j]!);
      if (REPORTS.has(name) && !isStale) reports[name] = batch.values[j]!;
      else samples.push(`${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${shown} @${batch.timestampsMs[j]!}`);
    }
  });
  return { samples, reports };
}

/** Scrapes at 1 s, 2 s, …; undefined stands for a failed fetch. */
class Scraper {
  readonly appender: ScrapeAppender;
  #timestampMs = 0;

  constructor(yaml = '') {
    this.appender = new ScrapeAppender(spec(yaml));
  }

  scrape(text: string | undefined, contentType = 'text/plain'): { samples: string[]; error: string; up: number | undefined; counts: (number | undefined)[] } {
    this.#timestampMs += 1000;
    const body = text === undefined ? undefined : Buffer.from(text);
    const { batch, outcome } = this.appender.append({ timestampMs: this.#timestampMs, durationMs: 5, body, contentType, error: body ? '' : 'connection refused' });
    const { samples, reports } = read(batch);
    return {
      samples, error: outcome.error, up: reports['up'],
      counts: [reports['scrape_samples_scraped'], reports['scrape_samples_post_metric_relabeling'], reports['scrape_series_added']],
    };
  }
}

suite('ScrapeAppender', () => {
  test('samples get the target\'s labels, and a report follows', () => {
    const { appender } = new Scraper();
    const { batch, outcome } = appender.append({ timestampMs: 9, durationMs: 5, body: Buffer.from('# HELP a x\na{b="c"} 1\n'), contentType: 'text/plain', error: '' });
    assert.deepEqual(batch.series.map(labelsToRecord), [
      { __name__: 'a', b: 'c', instance: 'h:1', job: 'j' },
      ...[...REPORTS].map((name) => ({ __name__: name, instance: 'h:1', job: 'j' })),
    ]);
    assert.equal(batch.metadata.find(({ family }) => family === 'a')?.help, 'x');
    assert.ok(outcome.durationMs >= 5 && batch.values[2]! >= 0.005);
  });

  test('a repeated scrape gives the same label objects and no new series', () => {
    const { appender } = new Scraper();
    const scrape = (): MetricBatch => appender.append({ timestampMs: 1, durationMs: 0, body: Buffer.from('a{b="c"} 1\nd 2\n'), contentType: 'text/plain', error: '' }).batch;
    const [first, second] = [scrape(), scrape()];
    first.series.forEach((labels, i) => assert.equal(second.series[i], labels));
    assert.deepEqual([read(first).reports['scrape_series_added'], read(second).reports['scrape_series_added']], [2, 0]);
    // Metadata is handed on only when it is new.
    assert.ok(first.metadata.length > 0 && second.metadata.length === 0);
  });

  test('what vanished is marked stale once, and may come back', () => {
    const scraper = new Scraper();
    assert.deepEqual(scraper.scrape('a 1\nb 2\n').samples, ['a 1 @1000', 'b 2 @1000']);
    assert.deepEqual(scraper.scrape('a 1\n').samples, ['a 1 @2000', 'b stale @2000']);
    assert.deepEqual(scraper.scrape('a 1\n').samples, ['a 1 @3000']);
    assert.deepEqual(scraper.scrape('b 3\na 1\n').samples, ['b 3 @4000', 'a 1 @4000']);
  });

  test('another spelling of a series is the same series', () => {
    const scraper = new Scraper();
    scraper.scrape('a{x="1",y="2"} 1\n');
    assert.deepEqual(scraper.scrape('a{ y="2", x="1" } 2\n').samples, ['a{x=1,y=2} 2 @2000']);
  });

  for (const [what, text, contentType, error] of [
    ['a failed fetch', undefined, '', 'connection refused'],
    ['a parse error', 'a 2\n!\n', 'text/plain', 'expected a valid start token, got "!" ("INVALID") while parsing: "!" (line 2)'],
    ['an unknown content type', '<html>', 'text/html', 'received unsupported Content-Type "text/html" and no fallback_scrape_protocol specified for target'],
  ] as const) {
    test(`${what} takes the target down and marks all of it stale`, () => {
      const scraper = new Scraper();
      scraper.scrape('a 1\nb 2\n');
      const result = scraper.scrape(text, contentType);
      assert.deepEqual([result.samples, result.up], [['a stale @2000', 'b stale @2000'], 0]);
      assert.equal(result.error, error);
      assert.deepEqual(scraper.scrape('a 3\n').samples, ['a 3 @3000']);
    });
  }

  test('an empty answer is a success without series', () => {
    const scraper = new Scraper();
    scraper.scrape('a 1\n');
    const { samples, up, error } = scraper.scrape('');
    assert.deepEqual([samples, up, error], [['a stale @2000'], 1, '']);
  });

  test('exposed labels that the target has, too, are renamed', () => {
    const { samples } = new Scraper().scrape('a{job="mine",exported_job="x",instance="i"} 1\n');
    assert.deepEqual(samples, ['a{exported_exported_job=mine,exported_instance=i,exported_job=x} 1 @1000']);
  });

  test('honor_labels lets the exposed ones stand', () => {
    assert.deepEqual(new Scraper('honor_labels: true').scrape('a{job="mine",instance=""} 1\n').samples, ['a{job=mine} 1 @1000']);
  });

  test('exposed timestamps are kept and not tracked for staleness', () => {
    const scraper = new Scraper();
    assert.deepEqual(scraper.scrape('a 1 42\na 2 43\nb 1\n').samples, ['a 1 @42', 'a 2 @43', 'b 1 @1000']);
    assert.deepEqual(scraper.scrape('b 1\n').samples, ['b 1 @2000']);
  });

  test('honor_timestamps: false, track_timestamps_staleness: true', () => {
    assert.deepEqual(new Scraper('honor_timestamps: false').scrape('a 1 42\n').samples, ['a 1 @1000']);
    const tracking = new Scraper('track_timestamps_staleness: true');
    tracking.scrape('a 1 42\n');
    assert.deepEqual(tracking.scrape('b 1\n').samples, ['b 1 @2000', 'a stale @2000']);
  });

  test('a series that stands twice keeps its first sample', () => {
    const { samples, counts } = new Scraper().scrape('a 1\na 2\n');
    assert.deepEqual([samples, counts], [['a 1 @1000'], [2, 2, 1]]);
  });

  test('metric relabelling drops and renames; the report counts both', () => {
    const scraper = new Scraper(
      'metric_relabel_configs: [{action: drop, source_labels: [__name__], regex: "go_.*"}, {action: labeldrop, regex: pod}, {source_labels: [__name__], regex: "old_(.*)", target_label: __name__, replacement: "new_$1"}]',
    );
    const text = 'go_x 1\nold_y{pod="p"} 2\n';
    assert.deepEqual([scraper.scrape(text).samples, scraper.scrape(text).counts], [['new_y 2 @1000'], [2, 1, 0]]);
  });

  const LIMITS: readonly (readonly [yaml: string, text: string, error: string])[] = [
    ['sample_limit: 2', 'a 1\nb 1\nc 1\n', 'sample limit exceeded'],
    ['label_limit: 3', 'a{x="1"} 1\n', 'label_limit exceeded (metric: a, number of labels: 4, limit: 3)'],
    ['label_name_length_limit: 8', 'a{abcdefghi="1"} 1\n', 'label_name_length_limit exceeded (metric: a, label name: abcdefghi, length: 9, limit: 8)'],
    ['label_value_length_limit: 3', 'a{x="four"} 1\n', 'label_value_length_limit exceeded (metric: a, label name: x, value: "four", length: 4, limit: 3)'],
    ['metric_name_validation_scheme: legacy, metric_name_escaping_scheme: underscores', '{"a.b"} 1\n', 'invalid metric name or label names: {__name__="a.b", instance="h:1", job="j"}'],
    ['metric_relabel_configs: [{target_label: __name__, replacement: ""}]', 'a 1\n', 'missing metric name (__name__ label)'],
  ];
  for (const [yaml, text, error] of LIMITS) {
    test(`${yaml} fails the scrape`, () => {
      const scraper = new Scraper(yaml);
      for (const run of [1, 2]) {
        const result = scraper.scrape(text);
        assert.deepEqual([result.samples, result.up], [[], 0], `run ${run}`);
        assert.ok(result.error.startsWith(error), result.error);
      }
    });
  }

  test('sample_limit counts what was there', () => {
    assert.deepEqual(new Scraper('sample_limit: 2').scrape('a 1\nb 1\nc 1\n').counts, [3, 3, 2]);
  });

  test('fallback_scrape_protocol reads what has no content type', () => {
    assert.deepEqual(new Scraper('fallback_scrape_protocol: PrometheusText0.0.4').scrape('a 1\n', '').samples, ['a 1 @1000']);
  });

  test('the end marks everything stale, report series too', () => {
    const scraper = new Scraper();
    scraper.scrape('a 1\n');
    assert.deepEqual(read(scraper.appender.end(5000)).samples, ['a stale @5000', ...[...REPORTS].map((name) => `${name} stale @5000`)]);
    assert.deepEqual(new Scraper().appender.end(1).series, []);
  });

  test('a changed configuration makes old series stale at the next scrape', () => {
    const scraper = new Scraper();
    scraper.scrape('a{x="1"} 1\n');
    const config = { ...spec().config, metricRelabel: [{ ...DEFAULT_RELABEL_RULE, action: 'labeldrop' as const, regex: 'x' }] };
    scraper.appender.configure({ labels: TARGET, config });
    assert.deepEqual(scraper.scrape('a{x="1"} 2\n').samples, ['a 2 @2000', 'a{x=1} stale @2000']);
  });

  test('series that come and go do not pile up', () => {
    const scraper = new Scraper();
    for (let i = 0; i < 50; i++) scraper.scrape(Array.from({ length: 100 }, (_, j) => `a{i="${i}",j="${j}"} 1\n`).join(''));
    assert.equal(scraper.appender.trackedCount, 100);
    assert.ok(scraper.appender.rememberedCount < 1500);
  });

  test('exemplars that are too long are dropped', () => {
    const { appender } = new Scraper();
    const body = Buffer.from(`a_total 1 # {t="${'x'.repeat(127)}"} 1\na_total{b="c"} 1 # {t="${'x'.repeat(128)}"} 1\n# EOF\n`);
    const { batch, outcome } = appender.append({ timestampMs: 1, durationMs: 0, body, contentType: 'application/openmetrics-text', error: '' });
    assert.deepEqual([batch.exemplars.length, outcome.droppedExemplars], [1, 1]);
  });
});
