import type { IngestAnswer } from './metrics-calls.ts';

/** How the events worker is set up. */
export interface EventsWorkerOptions {
  /** The folder of `events.db`; undefined keeps everything in memory. */
  readonly dataDir: string | undefined;
  readonly retentionAgeMs: number | undefined;
  readonly retentionBytes: number;
  readonly memoryBytes: number;
}

/** A pushed body of spans or log records, still compressed. */
export interface EventsIngestParams {
  readonly signal: 'traces' | 'logs';
  readonly format: 'protobuf' | 'json';
  readonly encoding: string;
  readonly body: Uint8Array;
}

/** Figures of the events store; sizes in bytes. */
export interface EventsStats {
  readonly isDurable: boolean;
  readonly spans: number;
  readonly logRecords: number;
  readonly diskBytes: number;
  readonly memoryBytes: number;
  readonly evictedSpans: number;
  readonly evictedLogRecords: number;
}

/** What the events worker answers. */
export type EventsCalls = {
  open: { params: EventsWorkerOptions; result: EventsStats };
  ingest: { params: EventsIngestParams; result: IngestAnswer };
  /** The spans of a trace as the JSON of OTLP's TracesData, for the API; empty when there are none. */
  trace: { params: { readonly traceId: string }; result: { readonly body: Uint8Array; readonly spans: number } };
  stats: { params: Record<string, never>; result: EventsStats };
  close: { params: Record<string, never>; result: null };
};
