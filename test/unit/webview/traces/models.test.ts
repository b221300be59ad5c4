import assert from 'node:assert/strict';
import fc from 'fast-check';
import { criticalPath } from '../../../../webview/traces/model/critical-path.ts';
import { findFolds, firstWord } from '../../../../webview/traces/model/folds.ts';
import { collapseAll, flattenRows, revealSpan, rowOfSpan, type RowState } from '../../../../webview/traces/model/rows.ts';
import { selfTimes } from '../../../../webview/traces/model/self-time.ts';
import { SpanSearch, stepThrough } from '../../../../webview/traces/model/span-search.ts';
import { buildSpanTree, type SpanTree } from '../../../../webview/traces/model/span-tree.ts';
import { durationTicks, isZoomed, panRange, pxToTime, rangeBetween, timeToPx, zoomRange } from '../../../../webview/traces/model/time-scale.ts';
import type { TraceSpan } from '../../../../webview/traces/model/trace-span.ts';
import { chain, fan, span } from './cases.ts';
import { CRITICAL_PATH_CASES } from './critical-path-cases.ts';

const OPEN: RowState = { collapsed: new Set(), toggledFolds: new Set() };

/** The tree as indented names. */
const outline = (tree: SpanTree): string[] => tree.spans.map(({ spanId }, i) => `${'.'.repeat(tree.depth[i]!)}${spanId}`);

suite('span tree', () => {
  const cases: readonly { readonly name: string; readonly spans: readonly TraceSpan[]; readonly expected: readonly string[]; readonly counts?: Partial<SpanTree> }[] = [
    { name: 'nothing', spans: [], expected: [] },
    { name: 'siblings by start, whatever the order of arrival', spans: [span('c', 'a', 5, 6), span('b', 'a', 2, 9), span('a', '', 0, 10), span('d', 'b', 3, 4)], expected: ['a', '.b', '..d', '.c'] },
    { name: 'several roots', spans: [span('b', '', 5, 6), span('a', '', 0, 1)], expected: ['a', 'b'], counts: { roots: 2 } },
    { name: 'an orphan is a root that is marked', spans: [span('a', '', 0, 9), span('b', 'gone', 1, 2), span('c', 'b', 1, 2)], expected: ['a', 'b', '.c'], counts: { roots: 2, orphans: 1 } },
    { name: 'the same span twice', spans: [span('a', '', 0, 9), span('b', 'a', 1, 2), span('b', 'a', 1, 2)], expected: ['a', '.b'], counts: { repeated: 1 } },
    { name: 'another span with the same id', spans: [span('a', '', 0, 9), span('b', 'a', 1, 2), span('b', 'a', 3, 4, { name: 'x' }), span('c', 'b', 3, 4)], expected: ['a', '.b', '..c', '.b'] },
    {
      name: 'a client and a server that share an id',
      spans: [span('a', '', 0, 9), span('b', 'a', 1, 8, { kind: 'client' }), span('b', 'a', 2, 7, { kind: 'server', name: 'b2' }), span('c', 'b', 3, 4)],
      expected: ['a', '.b', '..b', '...c'],
    },
    { name: 'its own parent', spans: [span('a', 'a', 0, 1)], expected: ['a'], counts: { roots: 1 } },
    { name: 'a ring is cut at its earliest span', spans: [span('a', 'c', 2, 3), span('b', 'a', 0, 3), span('c', 'b', 1, 3), span('d', 'c', 1, 2)], expected: ['b', '.c', '..d', '..a'], counts: { cycles: 1, roots: 1 } },
  ];
  for (const { name, spans, expected, counts } of cases) {
    test(name, () => {
      const tree = buildSpanTree(spans);
      assert.deepEqual(outline(tree), expected);
      for (const [key, value] of Object.entries(counts ?? {})) assert.equal(Reflect.get(tree, key), value, key);
    });
  }

  test('any graph of parents gives every span once, after its parent, inside its subtree', () => {
    const graph = fc.array(fc.record({ parent: fc.nat(12), start: fc.nat(20), length: fc.nat(9) }), { maxLength: 12 });
    fc.assert(
      fc.property(graph, (list) => {
        const tree = buildSpanTree(list.map(({ parent, start, length }, i) => span(`n${String(i)}`, parent === 12 ? '' : `n${String(parent)}`, start, start + length)));
        assert.equal(new Set(tree.spans.map(({ spanId }) => spanId)).size, list.length);
        for (let i = 0; i < list.length; i++) {
          const above = tree.parent[i]!;
          assert.ok(above < i && tree.end[i]! > i);
          if (above !== -1) assert.ok(tree.end[above]! >= tree.end[i]! && tree.depth[i] === tree.depth[above]! + 1);
        }
        const self = selfTimes(tree);
        assert.ok(self.every((value, i) => value >= 0 && value <= tree.durationNs[i]!));
        for (let root = 0; root < list.length; root = tree.end[root]!) {
          // The sections cover the root's time without a gap or an overlap, unless a child lies outside.
          const sections = criticalPath(tree, root);
          for (const [k, { fromNs, toNs }] of sections.entries()) {
            assert.ok(fromNs < toNs);
            if (k > 0) assert.ok(toNs <= sections[k - 1]!.fromNs);
          }
        }
      }),
    );
  });
});

suite('clock skew', () => {
  const cases: readonly { readonly name: string; readonly spans: readonly TraceSpan[]; readonly expected: readonly number[] }[] = [
    { name: 'centred in the parent, its descendants with it', spans: [span('a', '', 100, 200, { host: 'x' }), span('b', 'a', 0, 50, { host: 'y' }), span('c', 'b', 10, 20, { host: 'y' })], expected: [100, 125, 135] },
    { name: 'what fits stays', spans: [span('a', '', 0, 100, { host: 'x' }), span('b', 'a', 10, 60, { host: 'y' })], expected: [0, 10] },
    { name: 'longer than its parent: only not before it', spans: [span('a', '', 100, 150, { host: 'x' }), span('b', 'a', 50, 250, { host: 'y' })], expected: [100, 100] },
    { name: 'longer than its parent and later: left alone', spans: [span('a', '', 100, 150, { host: 'x' }), span('b', 'a', 120, 250, { host: 'y' })], expected: [100, 120] },
    { name: 'the same host is never moved', spans: [span('a', '', 0, 10, { host: 'x' }), span('b', 'a', 20, 30, { host: 'x' })], expected: [0, 20] },
    { name: 'an unknown host is the parent\'s', spans: [span('a', '', 0, 10, { host: 'x' }), span('b', 'a', 20, 30)], expected: [0, 20] },
    { name: 'back on the first host', spans: [span('a', '', 100, 200, { host: 'x' }), span('b', 'a', 0, 50, { host: 'y' }), span('c', 'b', 130, 140, { host: 'x' })], expected: [100, 125, 130] },
  ];
  for (const { name, spans, expected } of cases) test(name, () => assert.deepEqual([...buildSpanTree(spans).startNs], expected));
  test('switched off', () => assert.deepEqual([...buildSpanTree(cases[0]!.spans, false).startNs].sort((a, b) => a - b), [0, 10, 100]));
});

suite('critical path', () => {
  for (const { name, spans, expected } of CRITICAL_PATH_CASES) {
    test(name, () => {
      const tree = buildSpanTree(spans);
      assert.deepEqual(criticalPath(tree).map(({ index, fromNs, toNs }) => `${tree.spans[index]!.spanId} ${String(fromNs)}-${String(toNs)}`), expected);
    });
  }
});

suite('self time', () => {
  test('children that overlap count once, what sticks out not at all', () => {
    const tree = buildSpanTree([span('a', '', 0, 100), span('b', 'a', 10, 40), span('c', 'a', 30, 50), span('d', 'a', 90, 150), span('e', 'b', 10, 20)]);
    assert.deepEqual(tree.spans.map(({ spanId }, i) => `${spanId} ${String(selfTimes(tree)[i])}`), ['a 50', 'b 20', 'e 10', 'c 20', 'd 60']);
  });
});

const PLUGINS = [
  span('root', '', 0, 1000),
  ...['auth', 'cache', 'quota', 'audit'].map((name, i) => span(name, 'root', i * 10, i * 10 + 5, { name: `plugin.${name}.prehook` })),
  span('inner', 'cache', 11, 12),
  span('call', 'root', 100, 900, { name: 'chat llama' }),
  ...['audit2', 'quota2'].map((name, i) => span(name, 'root', 920 + i * 10, 925 + i * 10, { name: `plugin.${name}` })),
];

suite('folds and rows', () => {
  const rowNames = (tree: SpanTree, state: RowState): string[] => {
    const folds = findFolds(tree);
    const rows = flattenRows(tree, folds, state);
    return Array.from(rows.items, (item, row) => `${'.'.repeat(rows.depths[row]!)}${item >= 0 ? tree.spans[item]!.spanId : `${folds[-1 - item]!.prefix} (${String(folds[-1 - item]!.count)})`}`);
  };
  const tree = buildSpanTree(PLUGINS);

  test('first words', () => {
    assert.deepEqual(['plugin.auth.prehook', 'SELECT users', 'GET /a', '/v1', 'chat', ''].map(firstWord), ['plugin', 'SELECT', 'GET', '/v1', 'chat', '']);
  });
  test('three or more alike become one row', () => assert.deepEqual(rowNames(tree, OPEN), ['root', '.plugin (4)', '.call', '.audit2', '.quota2']));
  test('an open fold stands above its siblings', () => {
    assert.deepEqual(rowNames(tree, { ...OPEN, toggledFolds: new Set([0]) }), ['root', '.plugin (4)', '..auth', '..cache', '...inner', '..quota', '..audit', '.call', '.audit2', '.quota2']);
  });
  test('a collapsed span hides its folds', () => assert.deepEqual(rowNames(tree, { ...OPEN, collapsed: new Set([0]) }), ['root']));
  test('a failure inside, or most of the time, opens it', () => {
    const failing = buildSpanTree(PLUGINS.map((one) => (one.spanId === 'inner' ? { ...one, isError: true } : one)));
    assert.deepEqual(findFolds(failing).map(({ errors, isFoldedAtFirst }) => [errors, isFoldedAtFirst]), [[1, false]]);
    assert.deepEqual(findFolds(buildSpanTree(fan(5))).map(({ isFoldedAtFirst }) => isFoldedAtFirst), [false]);
  });
  test('revealing opens what hides a span, no more', () => {
    const folds = findFolds(tree);
    const inner = tree.spans.findIndex(({ spanId }) => spanId === 'inner');
    const state = revealSpan(tree, folds, { collapsed: collapseAll(tree), toggledFolds: new Set() }, inner);
    assert.deepEqual([[...state.collapsed], [...state.toggledFolds]], [[], [0]]);
    assert.equal(revealSpan(tree, folds, state, inner), state);
  });
  test('every span has a row, its own or that of what hides it', () => {
    const folds = findFolds(tree);
    for (const state of [OPEN, { ...OPEN, toggledFolds: new Set([0]) }, { ...OPEN, collapsed: new Set([2]) }]) {
      const rows = flattenRows(tree, folds, state);
      for (let i = 0; i < tree.spans.length; i++) {
        const item = rows.items[rowOfSpan(rows, folds, i)]!;
        const isOwn = item === i;
        const hides = item >= 0 ? item < i && tree.end[item]! > i : folds[-1 - item]!.from <= i && folds[-1 - item]!.to > i;
        assert.ok(isOwn || hides, `${tree.spans[i]!.spanId} at ${String(item)}`);
      }
    }
  });
});

suite('search in a trace', () => {
  const texts = ['GET /a gateway', 'chat groq 429', 'chat openai', 'plugin auth'];
  const search = new SpanSearch(texts.length, (i) => texts[i]!);
  test('all words, in any case', () => {
    assert.deepEqual([[...search.find('CHAT')], [...search.find('groq chat')], [...search.find('  ')], [...search.find('nothing')]], [[1, 2], [1], [], []]);
  });
  test('next and previous go round', () => {
    const places = Int32Array.from([2, 5, 9]);
    assert.deepEqual([[-1, 1], [2, 1], [9, 1], [5, -1], [2, -1], [7, -1]].map(([from, step]) => stepThrough(places, from!, step === 1 ? 1 : -1)), [2, 5, 2, 2, 9, 5]);
    assert.equal(stepThrough(new Int32Array(), 0, 1), -1);
  });
});

suite('time scale', () => {
  const whole = { fromNs: 0, toNs: 1_000_000 };
  test('there and back', () => {
    const range = { fromNs: 200_000, toNs: 700_000 };
    assert.equal(timeToPx(range, 500, 450_000), 250);
    assert.equal(pxToTime(range, 500, 250), 450_000);
  });
  test('zooming keeps the time under the pointer, never leaves the trace', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 20, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (factor, share) => {
        const range = zoomRange({ fromNs: 100_000, toNs: 500_000 }, whole, factor, 100_000 + share * 400_000);
        assert.ok(range.fromNs >= 0 && range.toNs <= 1_000_000.001 && range.toNs - range.fromNs >= 999.99);
      }),
    );
    const range = zoomRange(whole, whole, 0.5, 500_000);
    assert.deepEqual(range, { fromNs: 250_000, toNs: 750_000 });
    assert.equal(isZoomed(range, whole), true);
    assert.equal(isZoomed(whole, whole), false);
  });
  test('panning stops at the ends', () => {
    assert.deepEqual(panRange({ fromNs: 0, toNs: 400_000 }, whole, 900_000), { fromNs: 600_000, toNs: 1_000_000 });
    assert.deepEqual(panRange({ fromNs: 100, toNs: 400_100 }, whole, -900), { fromNs: 0, toNs: 400_000 });
  });
  test('a drag in either direction', () => assert.deepEqual(rangeBetween(800_000, 300_000, whole), { fromNs: 300_000, toNs: 800_000 }));
  test('round ticks', () => {
    assert.deepEqual(durationTicks({ fromNs: 0, toNs: 1840 }, { fromNs: 0, toNs: 1840 }, 5), [0, 500, 1000, 1500]);
    assert.deepEqual(durationTicks({ fromNs: 310, toNs: 520 }, { fromNs: 0, toNs: 1840 }, 4), [400, 500]);
    assert.deepEqual(durationTicks({ fromNs: 0, toNs: 0 }, { fromNs: 0, toNs: 0 }, 4), []);
  });
});

suite('50,000 spans', () => {
  for (const [shape, spans] of [['a chain', chain(50_000)], ['a fan', fan(50_000)]] as const) {
    test(`${shape}: every model, without recursion, in little time`, () => {
      const startedAt = performance.now();
      const tree = buildSpanTree(spans);
      const self = selfTimes(tree);
      const folds = findFolds(tree);
      const rows = flattenRows(tree, folds, OPEN);
      const path = criticalPath(tree);
      revealSpan(tree, folds, OPEN, 49_999);
      const tookMs = performance.now() - startedAt;
      assert.equal(self.length, 50_000);
      assert.equal(rows.count, 50_000 + (shape === 'a fan' ? 1 : 0));
      assert.ok(path.length > 49_000);
      // Tens of milliseconds on an idle machine; the limit only tells linear from quadratic.
      assert.ok(tookMs < 2_000, `${String(tookMs)} ms`);
    });
  }
});
