import type { LogLevelName, LogPage } from '../../../src/protocol/logs.ts';
import type { JsonAttributes, UnixNanoText } from '../../../src/protocol/telemetry.ts';

/** A window of time, ms since the epoch; `endMs` is exclusive. */
export interface RelatedWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** Lines are written a little before and after the spans, and by clocks that differ. */
const LOGS_PAD_MS = 60_000;
/** A chart needs a few points on both sides to show whether this moment was special. */
const CHARTS_PAD_MS = 300_000;

const startMs = (startUnixNano: UnixNanoText, offsetNano: number): number => Number(BigInt(startUnixNano) / 1_000n) / 1_000 + offsetNano / 1e6;

/** Where the log lines of a trace are looked for. */
export function logsWindow({ startUnixNano, durationNano }: { readonly startUnixNano: UnixNanoText; readonly durationNano: number }): RelatedWindow {
  const from = startMs(startUnixNano, 0);
  return { startMs: Math.max(0, Math.floor(from - LOGS_PAD_MS)), endMs: Math.ceil(from + durationNano / 1e6 + LOGS_PAD_MS) };
}

/** The time whose charts say something about a span. */
export function chartsWindow(startUnixNano: UnixNanoText, span: { readonly offsetNano: number; readonly durationNano: number }): RelatedWindow {
  const from = startMs(startUnixNano, span.offsetNano);
  return { startMs: Math.max(0, Math.floor(from - CHARTS_PAD_MS)), endMs: Math.ceil(from + span.durationNano / 1e6 + CHARTS_PAD_MS) };
}

/** What the charts of a span can be limited to: the provider it calls (gen_ai.* semantic conventions), then its service. */
export function chartEntities(service: string, attributes: JsonAttributes): { readonly kind: 'provider' | 'service'; readonly name: string }[] {
  const provider = [attributes['gen_ai.provider.name'], attributes['gen_ai.system']].find((value): value is string => typeof value === 'string' && value !== '');
  return [...(provider === undefined ? [] : [{ kind: 'provider' as const, name: provider }]), { kind: 'service' as const, name: service }];
}

/** A log line of a trace. */
export interface TraceLogLine {
  /** From the start of the trace; negative before it. */
  readonly offsetNano: number;
  readonly level: LogLevelName;
  readonly service: string;
  readonly line: string;
  /** '' when it belongs to no span. */
  readonly spanId: string;
}

/** The lines of a page, oldest first: the order of reading beside a waterfall. */
export function logLines({ records, resources }: Pick<LogPage, 'records' | 'resources'>, startUnixNano: UnixNanoText): TraceLogLine[] {
  const from = BigInt(startUnixNano);
  return records
    .map(({ timeUnixNano, level, resource, line, spanId }) => ({ offsetNano: Number(BigInt(timeUnixNano) - from), level, service: resources[resource]?.service ?? 'unknown_service', line, spanId }))
    .sort((a, b) => a.offsetNano - b.offsetNano);
}
