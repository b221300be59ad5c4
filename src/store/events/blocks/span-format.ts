import type { Span } from '../../../model/span.ts';
import { nanosToMs } from '../encoding/nanoseconds.ts';
import { SpanEncoder } from '../encoding/span-encoder.ts';
import { HEAD_ERROR, SPAN_LAYOUT } from '../encoding/span-layout.ts';
import { SpanView } from '../encoding/span-view.ts';
import { buildBloom } from '../filter/bloom.ts';
import { attributeTokens, traceTokens } from '../filter/tokens.ts';
import type { BlockSummary } from './block-meta.ts';
import { NameCounter } from './name-counter.ts';
import type { SignalFormat } from './signal-blocks.ts';

/** Spans as a signal of the store; their names are operations. */
export const SPAN_FORMAT: SignalFormat<Span, SpanView> = {
  signal: 'spans',
  layout: SPAN_LAYOUT,
  createEncoder: () => new SpanEncoder(),
  openView: (parts, count) => new SpanView(parts, count),
  summarize: summarizeSpans,
};

/** What a block of spans says about itself. */
export function summarizeSpans(view: SpanView): BlockSummary {
  const { words } = view.starts();
  const durations = view.durations();
  const heads = view.heads();
  const origins = view.origins();
  const nameIds = view.nameIds();
  const names = new NameCounter();
  let minMs = Infinity;
  let maxMs = -Infinity;
  let maxEndMs = -Infinity;
  let minDurationNano = Infinity;
  let maxDurationNano = -Infinity;
  let errors = 0;
  for (let row = 0; row < view.count; row++) {
    const startMs = nanosToMs(words[2 * row + 1]!, words[2 * row]!);
    const duration = durations[row]!;
    const isError = (heads[row]! & HEAD_ERROR) !== 0;
    minMs = Math.min(minMs, startMs);
    maxMs = Math.max(maxMs, startMs);
    maxEndMs = Math.max(maxEndMs, startMs + Math.ceil(duration / 1e6));
    minDurationNano = Math.min(minDurationNano, duration);
    maxDurationNano = Math.max(maxDurationNano, duration);
    if (isError) errors++;
    names.add(origins[row]!, nameIds[row]!, isError);
  }
  return {
    errors,
    minMs: minMs - 1,
    maxMs: maxMs + 1,
    maxEndMs: Math.max(maxEndMs, maxMs) + 1,
    minDurationNano,
    maxDurationNano,
    names: names.list(view.services().text, view.names().text),
    filters: {
      traces: buildBloom(traceTokens(view.traceIdBytes())),
      tokens: buildBloom(attributeTokens(view.dictionary())),
      grams: new Uint8Array(0),
    },
  };
}
