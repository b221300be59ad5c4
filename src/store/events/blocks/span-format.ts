import type { Span } from '../../../model/span.ts';
import { SpanEncoder } from '../encoding/span-encoder.ts';
import { SPAN_LAYOUT } from '../encoding/span-layout.ts';
import { SpanView } from '../encoding/span-view.ts';
import type { SignalFormat } from './signal-blocks.ts';

/** Spans as a signal of the store; their names are operations. */
export const SPAN_FORMAT: SignalFormat<Span, SpanView> = {
  signal: 'spans',
  layout: SPAN_LAYOUT,
  createEncoder: () => new SpanEncoder(),
  openView: (parts, count) => new SpanView(parts, count),
};
