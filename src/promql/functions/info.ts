import { labelValue, METRIC_NAME, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/series-source.ts';
import type { LabelMatcher } from '../ast.ts';
import { ABSENT, createRow, MergingBlock, type Block } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { InstantFiller } from '../eval/instant-selector.ts';
import { keyOf, labelsText, setLabel } from '../eval/label-sets.ts';
import { countCellsByStep } from '../eval/sample-counts.ts';
import { goQuote } from '../go-quote.ts';
import { createMatcher } from '../matcher.ts';
import { gridEnd, type CallPlan, type Grid, type Plan } from '../plan.ts';
import { QueryError } from '../query-error.ts';

/** The labels that say which series an info series is about. */
const IDENTIFYING = ['instance', 'job'];

/** The info series on the steps they are seen at. */
interface InfoSeries {
  readonly labels: Labels;
  readonly name: string;
  readonly signature: string;
  /** By step: the time of the sample seen, or -1. */
  readonly sampleTimes: Float64Array;
}

/** `info(v, {matchers})`: adds the labels of info series with the same instance and job (prometheus/promql: evalInfo). */
export function infoBlock(context: EvaluationContext, plan: CallPlan, grid: Grid): Block {
  const base = context.evaluate.block(plan.args[0]!, grid);
  const selector = plan.args[1]?.kind === 'selector' ? plan.args[1] : undefined;
  const given = selector?.labelMatchers ?? [];
  const nameMatchers = effectiveNameMatchers(given.filter((matcher) => matcher.name === METRIC_NAME)).map(createMatcher);
  const dataMatchers = given.filter((matcher) => matcher.name !== METRIC_NAME).map(createMatcher);
  const isInfoSeries = (labels: Labels): boolean => {
    const name = labelValue(labels, METRIC_NAME);
    return nameMatchers.every((matcher) => matcher.matches(name));
  };
  const infos = fetchInfoSeries(context, plan.args[0]!, base, grid, [...nameMatchers, ...dataMatchers], isInfoSeries);
  return combine(base, infos, dataMatchers, isInfoSeries);
}

/** Without a positive matcher of the name, info metrics are those that end in `_info`, or target_info. */
function effectiveNameMatchers(matchers: readonly LabelMatcher[]): readonly LabelMatcher[] {
  if (matchers.some((matcher) => matcher.type === '=' || matcher.type === '=~')) return matchers;
  if (matchers.length > 0) return [{ name: METRIC_NAME, type: '=~', value: '.+_info' }, ...matchers];
  return [{ name: METRIC_NAME, type: '=', value: 'target_info' }];
}

function fetchInfoSeries(
  context: EvaluationContext, argument: Plan, base: Block, grid: Grid, matchers: readonly Matcher[], isInfoSeries: (labels: Labels) => boolean,
): InfoSeries[] {
  const idMatchers: Matcher[] = [];
  for (const name of IDENTIFYING) {
    const values = new Set<string>();
    for (const labels of base.labels) {
      const value = labelValue(labels, name);
      if (value !== '' && !isInfoSeries(labels)) values.add(value);
    }
    if (values.size > 0) idMatchers.push(oneOf(name, [...values]));
  }
  if (idMatchers.length === 0) return [];
  const { lookbackMs } = context.options;
  const { atMs, offsetMs } = selectorTime(argument);
  const first = (atMs ?? grid.startMs) - offsetMs;
  const last = (atMs ?? gridEnd(grid)) - offsetMs;
  const infos: InfoSeries[] = [];
  const row = createRow(grid.count);
  const filler = new InstantFiller({ atMs, offsetMs }, grid, lookbackMs, 'timestamp');
  for (const series of context.selectMatching([...idMatchers, ...matchers], first - lookbackMs + 1, last)) {
    const samples = filler.fill(series, row);
    if (samples === 0) continue;
    if (series.histograms?.some((histogram) => histogram !== undefined && histogram.isStale !== true) === true) {
      throw new QueryError('execution', `this should be an info metric, with float samples: ${labelsText(series.labels, goQuote)}`);
    }
    context.totalSamples += samples;
    countCellsByStep(context, row, grid.count, 'single');
    infos.push({
      labels: series.labels,
      name: labelValue(series.labels, METRIC_NAME),
      signature: keyOf(series.labels, IDENTIFYING),
      sampleTimes: row.values.map((time, s) => (row.present[s] === ABSENT ? -Infinity : time)),
    });
  }
  return infos;
}

/** A matcher for any of some values. */
function oneOf(name: string, values: readonly string[]): Matcher {
  const set = new Set(values);
  const pattern = values.map((value) => value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')).join('|');
  return { name, type: '=~', value: pattern, literals: values, matches: (value) => set.has(value) };
}

/** The `@` time and offset of the first selector in an expression, with those of subqueries around it. */
function selectorTime(plan: Plan): { atMs: number | undefined; offsetMs: number } {
  return findSelector(plan) ?? { atMs: undefined, offsetMs: 0 };
}

function findSelector(plan: Plan): { atMs: number | undefined; offsetMs: number } | undefined {
  switch (plan.kind) {
    case 'selector': return { atMs: plan.atMs, offsetMs: plan.offsetMs };
    case 'matrix': return findSelector(plan.selector);
    case 'negate': case 'invariant': return findSelector(plan.expr);
    case 'aggregate': return findSelector(plan.expr) ?? (plan.param && findSelector(plan.param));
    case 'binary': return findSelector(plan.lhs) ?? findSelector(plan.rhs);
    case 'subquery': {
      const inner = findSelector(plan.expr);
      if (inner === undefined || inner.atMs !== undefined) return inner;
      return { atMs: plan.atMs, offsetMs: inner.offsetMs + plan.offsetMs };
    }
    case 'call':
      for (const argument of plan.args) {
        const found = findSelector(argument);
        if (found !== undefined) return found;
      }
      return undefined;
    default: return undefined;
  }
}

function combine(
  base: Block, infos: readonly InfoSeries[], dataMatchers: readonly Matcher[], isInfoSeries: (labels: Labels) => boolean,
): Block {
  const bySignature = new Map<string, InfoSeries[]>();
  for (const info of infos) {
    const known = bySignature.get(info.signature);
    if (known === undefined) bySignature.set(info.signature, [info]);
    else known.push(info);
  }
  const result = new MergingBlock(base.steps, Math.max(1, base.rowCount));
  const matchesNothing = dataMatchers.every((matcher) => matcher.matches(''));
  const hasAnyBase = stepsWithCells(base);
  for (const group of bySignature.values()) checkDuplicates(group, hasAnyBase);
  base.forEachRow((row) => {
    if (isInfoSeries(row.labels)) {
      result.add(row);
      return;
    }
    const candidates = bySignature.get(keyOf(row.labels, IDENTIFYING)) ?? [];
    const cache = new Map<string, Labels>();
    for (let s = 0; s < base.steps; s++) {
      const cell = row.offset + s;
      if (row.present[cell] === ABSENT) continue;
      const seen = latestByName(candidates, s);
      if (seen.length === 0 && !matchesNothing) continue;
      const key = seen.map((info) => infos.indexOf(info)).join();
      let labels = cache.get(key);
      if (labels === undefined) {
        labels = withInfoLabels(row.labels, seen, dataMatchers);
        cache.set(key, labels);
      }
      const target = result.rowFor(labels, row.dropName) + s;
      result.claim(target);
      const histogram = row.histograms?.[cell];
      if (row.present[cell] === 2 && histogram !== undefined) result.block.setHistogram(target, histogram);
      else result.block.setFloat(target, row.values[cell]!);
    }
  });
  return result.block;
}

function stepsWithCells(block: Block): Uint8Array {
  const steps = new Uint8Array(block.steps);
  for (let cell = 0; cell < block.rowCount * block.steps; cell++) if (block.present[cell] !== ABSENT) steps[cell % block.steps] = 1;
  return steps;
}

/** Throws when two info series of one metric have their latest sample at the same time. */
function checkDuplicates(group: readonly InfoSeries[], wantedSteps: Uint8Array): void {
  for (let s = 0; s < wantedSteps.length; s++) {
    if (wantedSteps[s] === 0) continue;
    const latest = new Map<string, InfoSeries>();
    for (const info of group) {
      const time = info.sampleTimes[s]!;
      if (time === -Infinity) continue;
      const existing = latest.get(info.name);
      const existingTime = existing?.sampleTimes[s] ?? -Infinity;
      if (existing !== undefined && existingTime === time) {
        const text = (labels: Labels): string => labelsText(labels, goQuote);
        throw new QueryError(
          'execution',
          `found duplicate series for info metric: existing ${text(existing.labels)} @ ${existingTime}, new ${text(info.labels)} @ ${time}`,
        );
      }
      if (existingTime < time) latest.set(info.name, info);
    }
  }
}

/** Of each info metric the series with the newest sample at a step. */
function latestByName(candidates: readonly InfoSeries[], s: number): InfoSeries[] {
  const latest = new Map<string, InfoSeries>();
  for (const info of candidates) {
    const time = info.sampleTimes[s]!;
    if (time === -Infinity) continue;
    if ((latest.get(info.name)?.sampleTimes[s] ?? -Infinity) < time) latest.set(info.name, info);
  }
  return [...latest.values()];
}

/** Adds the data labels of info series that the row does not have itself. Throws when two of them disagree. */
function withInfoLabels(labels: Labels, infos: readonly InfoSeries[], dataMatchers: readonly Matcher[]): Labels {
  let added: Labels = [];
  for (const info of infos) {
    for (let i = 0; i < info.labels.length; i += 2) {
      const name = info.labels[i]!;
      const value = info.labels[i + 1]!;
      if (name === METRIC_NAME) continue;
      if (dataMatchers.length > 0 && !dataMatchers.some((matcher) => matcher.name === name)) continue;
      const known = labelValue(added, name);
      if (known !== '' && known !== value) throw new QueryError('execution', `conflicting label: ${name}`);
      if (labelValue(labels, name) === '') added = setLabel(added, name, value);
    }
  }
  let result = labels;
  for (let i = 0; i < added.length; i += 2) result = setLabel(result, added[i]!, added[i + 1]!);
  return result;
}
