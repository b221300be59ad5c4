import type { LogLevelName } from '../../../src/protocol/logs.ts';

/** Icon and word of each level; colour comes by the class `level-LEVEL`, so no level is told by colour alone. */
export const LEVELS: Readonly<Record<LogLevelName, { readonly icon: string; readonly word: string }>> = {
  fatal: { icon: 'flame', word: 'Fatal' },
  error: { icon: 'error', word: 'Error' },
  warn: { icon: 'warning', word: 'Warn' },
  info: { icon: 'info', word: 'Info' },
  debug: { icon: 'bug', word: 'Debug' },
  trace: { icon: 'list-tree', word: 'Trace' },
  unknown: { icon: 'question', word: 'None' },
};
