import { parseGoFloat } from '../../base/go-float.ts';
import { quoteGoString } from '../../base/go-quote.ts';
import { parsePrometheusDuration } from '../../base/prometheus-duration.ts';
import { parseYamlFile, type TextProblem, type YamlFields, type YamlNode } from '../../base/yaml-reader.ts';
import type { AlertTest, ExprTest, UnitTest, UnitTestFile } from './unit-test-file.ts';

const MINUTE_MS = 60_000;

/** Reads a file of unit tests of rules (promtool's format); never throws. With a problem, promtool would run none of its tests. */
export function readUnitTestFile(text: string): { readonly file: UnitTestFile; readonly problems: readonly TextProblem[] } {
  const { root, problems } = parseYamlFile(text);
  const fields = root?.fields('main.unitTestFile');
  const evaluationIntervalMs = readDuration(fields, 'evaluation_interval') || MINUTE_MS;
  const groupOrder: string[] = [];
  for (const node of fields?.get('group_eval_order')?.list('[]string') ?? []) {
    const name = node.string() ?? '';
    if (groupOrder.includes(name)) node.report(`group name repeated in evaluation order: ${name}`);
    groupOrder.push(name);
  }
  const file: UnitTestFile = {
    ruleFiles: fields?.get('rule_files')?.strings() ?? [],
    evaluationIntervalMs, groupOrder,
    isFuzzy: fields?.get('fuzzy_compare')?.bool() ?? false,
    tests: (fields?.get('tests')?.list('[]main.testGroup') ?? []).map((node) => readTest(node, evaluationIntervalMs)),
  };
  fields?.finish();
  return { file, problems };
}

function readTest(node: YamlNode, evaluationIntervalMs: number): UnitTest {
  const fields = node.fields('main.testGroup');
  const name = fields.get('name')?.string() ?? '';
  const test: UnitTest = {
    name,
    intervalMs: readDuration(fields, 'interval') || evaluationIntervalMs,
    series: (fields.get('input_series')?.list('[]main.series') ?? []).map((item) => {
      const series = item.fields('main.series');
      const read = { series: series.get('series')?.string() ?? '', values: series.get('values')?.string() ?? '', place: item.place };
      series.finish();
      return read;
    }),
    alertTests: (fields.get('alert_rule_test')?.list('[]main.alertTestCase') ?? []).map((item) => readAlertTest(item, name)),
    exprTests: (fields.get('promql_expr_test')?.list('[]main.promqlTestCase') ?? []).map(readExprTest),
    externalLabels: readStrings(fields.get('external_labels')),
    externalUrl: fields.get('external_url')?.string() ?? '',
    place: node.place,
  };
  fields.finish();
  return test;
}

function readAlertTest(node: YamlNode, testName: string): AlertTest {
  const fields = node.fields('main.alertTestCase');
  const timeMs = readDuration(fields, 'eval_time') ?? 0;
  const alertName = fields.get('alertname')?.string() ?? '';
  if (alertName === '') node.report(`an item under alert_rule_test misses required attribute alertname${testName === '' ? '' : ` (in TestGroup ${testName})`}`);
  const alerts = (fields.get('exp_alerts')?.list('[]main.alert') ?? []).map((item) => {
    const alert = item.fields('main.alert');
    const read = { labels: readStrings(alert.get('exp_labels')), annotations: readStrings(alert.get('exp_annotations')) };
    alert.finish();
    return read;
  });
  fields.finish();
  return { timeMs, alertName, alerts, place: node.place };
}

function readExprTest(node: YamlNode): ExprTest {
  const fields = node.fields('main.promqlTestCase');
  const expr = fields.get('expr')?.string() ?? '';
  const timeMs = readDuration(fields, 'eval_time') ?? 0;
  const samples = (fields.get('exp_samples')?.list('[]main.sample') ?? []).map((item) => {
    const sample = item.fields('main.sample');
    const read = { labels: sample.get('labels')?.string() ?? '', value: readFloat(sample.get('value')), histogram: sample.get('histogram')?.string() ?? '' };
    sample.finish();
    return read;
  });
  fields.finish();
  return { expr, timeMs, samples, place: node.place };
}

function readFloat(node: YamlNode | undefined): number {
  const text = node?.string();
  if (text === undefined) return 0;
  // YAML's own words first: .inf and .nan.
  const parsed = parseGoFloat(text.replaceAll('_', '').replace(/^([+-]?)\.(inf|nan)$/i, '$1$2'));
  if (parsed.ok) return parsed.value;
  node!.report(`cannot unmarshal !!str ${quoteGoString(text)} into float64`);
  return 0;
}

function readStrings(node: YamlNode | undefined): Record<string, string> {
  return Object.fromEntries((node?.entries('map[string]string') ?? []).map(([key, value]) => [key.string() ?? '', value === undefined || value.isNull ? '' : (value.string() ?? '')]));
}

function readDuration(fields: YamlFields | undefined, name: string): number | undefined {
  const node = fields?.get(name);
  const text = node?.string();
  if (text === undefined) return undefined;
  const parsed = parsePrometheusDuration(text);
  if (parsed.ok) return parsed.value;
  node!.report(parsed.error);
  return undefined;
}
