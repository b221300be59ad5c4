import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { equalHistograms } from '../../../src/model/histogram-compare.ts';
import type { FloatHistogram } from '../../../src/model/histogram.ts';
import { labelsKey, type Labels } from '../../../src/model/labels.ts';
import { createEngine, type Engine } from '../../../src/promql/engine.ts';
import type { QueryResult } from '../../../src/promql/result.ts';
import { createMemorySource, type MemoryValue } from '../../support/memory-series.ts';
import { readCases, type PromqlCase } from '../../support/promql-cases.ts';

const directory = join(import.meta.dirname, '../../promql');
const engines: readonly (readonly [name: string, engine: Engine])[] = [
  ['names kept to the end', createEngine({ experimental: true })],
  ['names dropped at once', createEngine({ experimental: true, delayedNameRemoval: false })],
  ['as version 3.5', createEngine()],
];

/** Files that speak of one engine only. */
function isFor(file: string, engine: string): boolean {
  if (file.startsWith('version-3.5')) return engine === 'as version 3.5';
  return engine === 'names kept to the end' || (engine === 'names dropped at once' && !file.startsWith('delayed-'));
}

suite('PromQL cases', () => {
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.txt'))) {
    const cases = readCases(readFileSync(join(directory, file), 'utf8'));
    for (const [name, engine] of engines) {
      if (!isFor(file, name)) continue;
      suite(`${file}, ${name}`, () => {
        for (const one of cases) test(`${file}:${one.line} ${one.expr}`, () => checkCase(engine, one));
      });
    }
  }
});

function checkCase(engine: Engine, one: PromqlCase): void {
  const source = createMemorySource(one.series);
  const result = one.stepMs === 0
    ? engine.instant(source, one.expr, one.startMs)
    : engine.range(source, one.expr, one.startMs, one.endMs, one.stepMs);
  if (!result.ok) {
    assert.equal(result.message, one.error);
    return;
  }
  assert.equal(undefined, one.error, 'the query was expected to fail');
  assert.deepEqual([...result.warnings].sort(), one.warnings.map((text) => `PromQL warning: ${text}`).sort());
  assert.deepEqual([...result.infos].sort(), one.infos.map((text) => `PromQL info: ${text}`).sort());
  checkValue(result, one);
}

function checkValue(result: QueryResult & { ok: true }, one: PromqlCase): void {
  const { value } = result;
  if (value.type === 'scalar' || value.type === 'string') {
    assert.equal(value.value, one.scalar);
    return;
  }
  assert.equal(undefined, one.scalar, 'a scalar was expected');
  const rows = value.type === 'vector'
    ? value.samples.map((sample) => ({ labels: sample.labels, cells: [sample.histogram ?? sample.value] as (MemoryValue | undefined)[] }))
    : value.series.map((series) => ({
      labels: series.labels,
      cells: [...series.present].map((kind, i) => (kind === 0 ? undefined : kind === 2 ? series.histograms![i] : series.values[i])),
    }));
  const expected = one.results.map((row) => ({ labels: row.labels, cells: [...row.values] }));
  if (!one.isOrdered) {
    rows.sort(byLabels);
    expected.sort(byLabels);
  }
  assert.deepEqual(rows.map((row) => row.labels), expected.map((row) => row.labels));
  rows.forEach((row, r) => {
    const wanted = expected[r]!.cells;
    // Steps at the end without a sample need not be written.
    while (wanted.length < row.cells.length) wanted.push(undefined);
    assert.equal(row.cells.length, wanted.length, `steps of ${row.labels.join()}`);
    row.cells.forEach((cell, s) => {
      assert.ok(isSame(cell, wanted[s]), `${row.labels.join()} at ${s}: ${show(cell)}, expected ${show(wanted[s])}`);
    });
  });
}

function byLabels(a: { readonly labels: Labels }, b: { readonly labels: Labels }): number {
  return labelsKey(a.labels) < labelsKey(b.labels) ? -1 : 1;
}

function show(value: MemoryValue | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isSame(actual: MemoryValue | undefined, wanted: MemoryValue | undefined): boolean {
  if (typeof actual === 'object' && typeof wanted === 'object') return equalHistograms(rounded(actual), rounded(wanted));
  if (typeof actual !== 'number' || typeof wanted !== 'number') return actual === wanted;
  return Object.is(actual, wanted) || Math.abs(actual - wanted) <= 1e-12 * Math.max(Math.abs(actual), Math.abs(wanted));
}

/** Twelve digits are enough to tell right from wrong. */
function rounded(histogram: FloatHistogram): FloatHistogram {
  const round = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(12)) : value);
  const side = ({ indexes, counts }: FloatHistogram['positive']): FloatHistogram['positive'] => ({ indexes, counts: counts.map(round) });
  return {
    ...histogram, count: round(histogram.count), sum: round(histogram.sum), zeroCount: round(histogram.zeroCount),
    positive: side(histogram.positive), negative: side(histogram.negative),
  };
}
