import { context, logs, SeverityNumber, trace, type Attributes } from '@opentelemetry/api';

/** Levels in order of weight. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SEVERITY: Record<LogLevel, SeverityNumber> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

/** Writes each record twice: as one JSON line on stdout and over OTLP, both with the trace they belong to. */
export interface Log {
  level: LogLevel;
  write(level: LogLevel, message: string, attributes?: Attributes): void;
}

/** A log under the name of its service. */
export function createLog(service: string): Log {
  const logger = logs.getLogger(service);
  return {
    level: 'info',
    write(level, message, attributes = {}) {
      if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(this.level)) return;
      const span = trace.getActiveSpan()?.spanContext();
      const ids = span ? { trace_id: span.traceId, span_id: span.spanId } : {};
      process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, service, msg: message, ...ids, ...attributes })}\n`);
      logger.emit({
        severityNumber: SEVERITY[level],
        severityText: level.toUpperCase(),
        body: message,
        attributes,
        context: context.active(),
      });
    },
  };
}

/** The level of that name, or undefined. */
export const parseLogLevel = (value: unknown): LogLevel | undefined => LOG_LEVELS.find((level) => level === value);
