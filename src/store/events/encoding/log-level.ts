/** The six levels of OpenTelemetry's severity numbers; 'unknown' when a record gives neither number nor a known text. */
export type LogLevel = 'unknown' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** All levels, least severe first. */
export const LOG_LEVELS: readonly LogLevel[] = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'];

const LEVEL_OF_TEXT: Readonly<Record<string, LogLevel>> = {
  trace: 'trace',
  verbose: 'trace',
  debug: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  critical: 'fatal',
  crit: 'fatal',
  fatal: 'fatal',
  alert: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
};

/** The level of a severity number (1-4 trace, 5-8 debug …), or of the text where there is no number. */
export function logLevel(severityNumber: number, severityText: string): LogLevel {
  if (severityNumber >= 1 && severityNumber <= 24) return LOG_LEVELS[Math.ceil(severityNumber / 4)]!;
  const text = severityText.toLowerCase();
  return Object.hasOwn(LEVEL_OF_TEXT, text) ? LEVEL_OF_TEXT[text]! : 'unknown';
}
