import type { LogRecord } from '../../../model/log-record.ts';
import { LogEncoder } from '../encoding/log-encoder.ts';
import { LOG_LAYOUT } from '../encoding/log-layout.ts';
import { LOG_LEVELS } from '../encoding/log-level.ts';
import { LogView } from '../encoding/log-view.ts';
import { nanosToMs } from '../encoding/nanoseconds.ts';
import { buildBloom } from '../filter/bloom.ts';
import { attributeTokens, traceTokens } from '../filter/tokens.ts';
import { addTrigrams, createTrigrams } from '../filter/trigrams.ts';
import type { BlockSummary } from './block-meta.ts';
import { NameCounter } from './name-counter.ts';
import type { SignalFormat } from './signal-blocks.ts';

/** Log records as a signal of the store; their names are levels. */
export const LOG_FORMAT: SignalFormat<LogRecord, LogView> = {
  signal: 'logs',
  layout: LOG_LAYOUT,
  createEncoder: () => new LogEncoder(),
  openView: (parts, count) => new LogView(parts, count),
  summarize: summarizeLogs,
};

const ERROR_LEVEL = LOG_LEVELS.indexOf('error');

/** What a block of log records says about itself. */
export function summarizeLogs(view: LogView): BlockSummary {
  const { words } = view.times();
  const levels = view.levels();
  const origins = view.origins();
  const names = new NameCounter();
  const grams = createTrigrams();
  let minMs = Infinity;
  let maxMs = -Infinity;
  let errors = 0;
  for (let row = 0; row < view.count; row++) {
    const timeMs = nanosToMs(words[2 * row + 1]!, words[2 * row]!);
    const isError = levels[row]! >= ERROR_LEVEL;
    minMs = Math.min(minMs, timeMs);
    maxMs = Math.max(maxMs, timeMs);
    if (isError) errors++;
    names.add(origins[row]!, levels[row]!, isError);
    addTrigrams(grams, view.bodyText(row));
  }
  return {
    errors,
    minMs: minMs - 1,
    maxMs: maxMs + 1,
    maxEndMs: maxMs + 1,
    minDurationNano: 0,
    maxDurationNano: 0,
    names: names.list(view.services().text, (level) => LOG_LEVELS[level]!),
    filters: {
      traces: buildBloom(traceTokens(view.traceIdBytes())),
      tokens: buildBloom(attributeTokens(view.dictionary())),
      grams,
    },
  };
}
