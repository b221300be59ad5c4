import { Emitter, type Event } from '../base/event.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One record of the collector's own log. */
export interface LogEntry {
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** The collector's own log: structured records, written by whoever listens. */
export class Log {
  readonly #entries = new Emitter<LogEntry>();

  readonly onEntry: Event<LogEntry> = this.#entries.event;

  debug(message: string, fields?: LogEntry['fields']): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogEntry['fields']): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogEntry['fields']): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogEntry['fields']): void {
    this.#write('error', message, fields);
  }

  #write(level: LogLevel, message: string, fields: LogEntry['fields'] = {}): void {
    this.#entries.fire({ timeMs: Date.now(), level, message, fields });
  }
}

/** A record as one line of JSON, as `sightline` writes them to stderr. */
export function formatLogEntry(entry: LogEntry): string {
  return JSON.stringify({ time: new Date(entry.timeMs).toISOString(), level: entry.level, msg: entry.message, ...entry.fields });
}
