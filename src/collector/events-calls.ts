import type { OtlpFormat } from '../codec/otlp/otlp-result.ts';
import type { OtlpIngestAnswer } from '../receive/http/ingest-otlp.ts';
import type { EventsStats } from '../store/events/events-stats.ts';
import type { EventQueryCalls } from './events/event-queries.ts';
import type { JaegerAnswer, JaegerQuery } from './events/jaeger-queries.ts';
import type { LokiAnswer, LokiQuery } from './events/loki-queries.ts';

/** How the events worker is set up. */
export interface EventsWorkerOptions {
  /** The folder of `events.db`; undefined keeps everything in memory. */
  readonly dataDir: string | undefined;
  readonly retentionAgeMs: number | undefined;
  /** For traces and logs together. */
  readonly retentionBytes: number;
  readonly memoryBytes: number;
}

/** A pushed body of spans or log records, still compressed. */
export interface EventsIngestParams {
  readonly signal: 'traces' | 'logs';
  readonly format: OtlpFormat;
  readonly encoding: string;
  readonly body: Uint8Array;
}

/** What the events worker answers. */
export type EventsCalls = EventQueryCalls & {
  open: { params: EventsWorkerOptions; result: EventsStats };
  ingest: { params: EventsIngestParams; result: OtlpIngestAnswer };
  /** A question of Jaeger's query API. */
  jaeger: { params: JaegerQuery; result: JaegerAnswer };
  /** A question of Loki's query API. */
  loki: { params: LokiQuery; result: LokiAnswer };
  stats: { params: Record<string, never>; result: EventsStats };
  close: { params: Record<string, never>; result: null };
};
