import { formatPrometheusDuration } from '../../base/prometheus-duration.ts';
import { quoteGoString } from '../../base/go-quote.ts';
import { createEngine, type Engine } from '../../promql/engine.ts';
import { GroupState, type GroupEnvironment } from '../group-state.ts';
import type { RuleGroup, RulePlace } from '../rule-file.ts';
import type { RuleSample } from '../rule-query.ts';
import { compareAlerts } from './compare-alerts.ts';
import { compareSamples } from './compare-samples.ts';
import { MemorySource } from './memory-source.ts';
import { readSeriesLabels, readSeriesValues } from './read-series.ts';
import type { UnitTest, UnitTestFile } from './unit-test-file.ts';

/** An expectation that was not met, in promtool's words; `expected` and `got` as text for a diff, where there are both. */
export interface UnitTestFailure {
  readonly message: string;
  readonly place: RulePlace;
  readonly expected?: string;
  readonly got?: string;
}

/** Runs one test of a file against the groups of its rule files (prometheus/cmd/promtool: testGroup). Gives what failed. */
export async function runUnitTest(test: UnitTest, file: UnitTestFile, groups: readonly RuleGroup[]): Promise<readonly UnitTestFailure[]> {
  const source = new MemorySource();
  const failures = loadSeries(test, source);
  if (failures.length > 0) return failures;
  const engine = createEngine({ defaultSubqueryStepMs: file.evaluationIntervalMs });
  const environment: GroupEnvironment = {
    query: (expr, timeMs) => query(engine, source, expr, timeMs),
    append: (batch) => {
      source.append(batch);
      return Promise.resolve();
    },
    externalUrl: test.externalUrl, externalLabels: test.externalLabels, nowMs: () => 0,
  };
  const states = ordered(groups, file.groupOrder).map((group) => new GroupState(group, { intervalMs: file.evaluationIntervalMs, queryOffsetMs: 0, isRestored: true }));
  const title = test.name === '' ? '' : `    name: ${test.name},\n`;
  const lastMs = Math.max(0, ...test.alertTests.map(({ timeMs }) => timeMs), ...test.exprTests.map(({ timeMs }) => timeMs));
  for (let timeMs = 0; timeMs <= lastMs; timeMs += file.evaluationIntervalMs) {
    for (const state of states) await state.evaluate(timeMs, environment);
    const broken = states.flatMap(({ rules }) => rules.filter(({ health }) => health === 'err'));
    failures.push(...broken.map(({ rule, lastError }) => ({ message: `    rule: ${rule.name}, time: ${formatPrometheusDuration(timeMs)}, err: ${lastError}`, place: test.place })));
    if (broken.length > 0) return failures;
    for (const alertTest of test.alertTests) {
      if (alertTest.timeMs >= timeMs && alertTest.timeMs < timeMs + file.evaluationIntervalMs) failures.push(...compareAlerts(alertTest, states, title));
    }
  }
  for (const exprTest of test.exprTests) {
    const head = `    expr: ${quoteGoString(exprTest.expr)}, time: ${formatPrometheusDuration(exprTest.timeMs)},`;
    try {
      failures.push(...compareSamples(exprTest, await environment.query(exprTest.expr, exprTest.timeMs), head, file.isFuzzy));
    } catch (error) {
      failures.push({ message: `${head} err: ${error instanceof Error ? error.message : String(error)}`, place: exprTest.place });
    }
  }
  return failures;
}

function loadSeries(test: UnitTest, source: MemorySource): UnitTestFailure[] {
  const failures: UnitTestFailure[] = [];
  for (const { series, values, place } of test.series) {
    const labels = readSeriesLabels(series);
    const read = readSeriesValues(values);
    if (!labels.ok) failures.push({ message: labels.error, place });
    else if (!read.ok) failures.push({ message: `series ${series}: ${read.error}`, place });
    else {
      read.value.forEach((value, i) => {
        if (value !== undefined) source.add(labels.value, i * test.intervalMs, value);
      });
    }
  }
  return failures;
}

function query(engine: Engine, source: MemorySource, expr: string, timeMs: number): Promise<readonly RuleSample[]> {
  const result = engine.instant(source, expr, timeMs);
  if (!result.ok) return Promise.reject(new Error(result.message));
  if (result.value.type === 'scalar') return Promise.resolve([{ labels: [], value: result.value.value, histogram: undefined }]);
  if (result.value.type !== 'vector') return Promise.reject(new Error('rule result is not a vector or scalar'));
  return Promise.resolve(result.value.samples);
}

/** Groups that the order names come by it; a group that it does not name counts as its first. */
function ordered(groups: readonly RuleGroup[], order: readonly string[]): readonly RuleGroup[] {
  const position = ({ name }: RuleGroup): number => Math.max(0, order.indexOf(name));
  return [...groups].sort((a, b) => position(a) - position(b));
}
