import type { LogRecord } from '../../../model/log-record.ts';
import { LogEncoder } from '../encoding/log-encoder.ts';
import { LOG_LAYOUT } from '../encoding/log-layout.ts';
import { LogView } from '../encoding/log-view.ts';
import type { SignalFormat } from './signal-blocks.ts';

/** Log records as a signal of the store; their names are levels. */
export const LOG_FORMAT: SignalFormat<LogRecord, LogView> = {
  signal: 'logs',
  layout: LOG_LAYOUT,
  createEncoder: () => new LogEncoder(),
  openView: (parts, count) => new LogView(parts, count),
};
