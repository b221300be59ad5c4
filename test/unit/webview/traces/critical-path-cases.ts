import type { TraceSpan } from '../../../../webview/traces/model/trace-span.ts';
import { span } from './cases.ts';

/** Spans, and the sections expected: name, from, to; the latest first. */
export const CRITICAL_PATH_CASES: readonly { readonly name: string; readonly spans: readonly TraceSpan[]; readonly expected: readonly string[] }[] = [
  { name: 'a lone span is all of it', spans: [span('a', '', 0, 10)], expected: ['a 0-10'] },
  {
    name: 'children one after the other',
    spans: [span('a', '', 0, 100), span('b', 'a', 10, 30), span('c', 'a', 40, 80)],
    expected: ['a 80-100', 'c 40-80', 'a 30-40', 'b 10-30', 'a 0-10'],
  },
  {
    name: 'of children at once, the one that ends last',
    spans: [span('a', '', 0, 100), span('b', 'a', 10, 60), span('c', 'a', 20, 90)],
    expected: ['a 90-100', 'c 20-90', 'a 0-20'],
  },
  {
    name: 'one that ended before the last began counts too',
    spans: [span('a', '', 0, 100), span('b', 'a', 5, 15), span('c', 'a', 10, 50), span('d', 'a', 60, 90)],
    expected: ['a 90-100', 'd 60-90', 'a 50-60', 'c 10-50', 'a 0-10'],
  },
  {
    name: 'down and up again',
    spans: [span('a', '', 0, 100), span('b', 'a', 10, 90), span('c', 'b', 20, 40), span('d', 'b', 50, 70)],
    expected: ['a 90-100', 'b 70-90', 'd 50-70', 'b 40-50', 'c 20-40', 'b 10-20', 'a 0-10'],
  },
  {
    name: 'a child that outlives its parent is cut',
    spans: [span('a', '', 0, 50), span('b', 'a', 20, 80)],
    expected: ['b 20-50', 'a 0-20'],
  },
  {
    name: 'a child after its parent has no part',
    spans: [span('a', '', 0, 50), span('b', 'a', 60, 80), span('c', 'b', 65, 70)],
    expected: ['a 0-50'],
  },
  {
    name: 'a consumer of a message holds nobody up',
    spans: [span('a', '', 0, 50), span('b', 'a', 10, 40, { kind: 'consumer' })],
    expected: ['a 0-50'],
  },
  {
    name: 'spans that touch follow each other',
    spans: [span('a', '', 0, 30), span('b', 'a', 0, 10), span('c', 'a', 10, 20), span('d', 'a', 20, 30)],
    expected: ['d 20-30', 'c 10-20', 'b 0-10'],
  },
  {
    name: 'spans without duration end the walk too',
    spans: [span('a', '', 0, 10), span('b', 'a', 5, 5), span('c', 'a', 5, 5)],
    expected: ['a 5-10', 'a 0-5'],
  },
  { name: 'a trace without duration has none', spans: [span('a', '', 3, 3), span('b', 'a', 3, 3)], expected: [] },
];
