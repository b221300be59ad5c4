import type { HealthSnapshot } from './health.ts';
import type { LogHistogramAnswer, LogHistogramParams, LogPage, LogSearchParams, LogTail, LogTailParams } from './logs.ts';
import type { OperationsAnswer, ServicesAnswer, TimeWindowParams } from './telemetry.ts';
import type { DependenciesAnswer, PinParams, PinsAnswer, TraceAnswer, TracePage, TraceSearchParams, TraceTail, TraceTailParams } from './traces.ts';

/**
 * The messages between an editor window and the collector: JSON-RPC 2.0 over a socket that only this user can open.
 * Requests make something happen; notifications say that something changed and carry whole snapshots.
 */

/** Raised with each incompatible change of this file. An extension that finds a lower number asks the collector to hand over. */
export const PROTOCOL_VERSION = 1;

/** Where the collector listens; undefined when that receiver is off. `host:port`. */
export interface Endpoints {
  readonly api: string;
  readonly otlpHttp?: string;
  readonly otlpGrpc?: string;
}

/** A port that was taken when the collector wanted it, and what it used in its place. */
export interface PortConflict {
  readonly receiver: string;
  readonly wanted: string;
  readonly used?: string;
  /** Who holds the port, as far as the system tells: `node (pid 4711)`; '' when unknown. */
  readonly owner: string;
}

export interface HelloParams {
  readonly protocolVersion: number;
  readonly extensionVersion: string;
  readonly token: string;
  /** One per window; the lease of what it registers. */
  readonly windowId: string;
}

export interface CollectorStatus {
  readonly pid: number;
  readonly version: string;
  readonly protocolVersion: number;
  readonly startedAtMs: number;
  readonly dataDir: string;
  readonly endpoints: Endpoints;
  readonly conflicts: readonly PortConflict[];
  readonly isPaused: boolean;
  readonly windows: number;
  /** False when `node:sqlite` is missing: then nothing survives a restart. */
  readonly isDurable: boolean;
  readonly rssBytes: number;
  readonly storage: {
    readonly series: number;
    readonly samples: number;
    readonly spans: number;
    readonly logRecords: number;
    readonly diskBytes: number;
  };
}

/** A window's workspace, as far as the collector may act on it. */
export interface WorkspaceRegistration {
  readonly folders: readonly { readonly name: string; readonly path: string }[];
  /** In an untrusted workspace nothing is scraped. */
  readonly isTrusted: boolean;
}

/** Something in a workspace's files that is wrong or that we do not do; shown where it stands. */
export interface ConfigProblem {
  readonly file: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Zero-based. */
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface RegisterResult {
  readonly problems: readonly ConfigProblem[];
  readonly targets: number;
  /** The configuration files that were read. */
  readonly files: readonly string[];
}

/** One range query of a batch; all of a batch share the time grid. */
export interface RangeQueryParams {
  readonly queries: readonly { readonly id: string; readonly expr: string }[];
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** A series on the grid: `values[i]` is at startMs + i * stepMs, null where it has no value. */
export interface GridSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

export type RangeQueryResult =
  | { readonly id: string; readonly ok: true; readonly series: readonly GridSeries[]; readonly warnings: readonly string[] }
  | { readonly id: string; readonly ok: false; readonly error: string };

export interface RangeQueryAnswer {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly results: readonly RangeQueryResult[];
}

/** Questions about traces and logs; see traces.ts and logs.ts for the units. */
export interface EventRequests {
  searchTraces: { params: TraceSearchParams; result: TracePage };
  getTrace: { params: { readonly traceId: string }; result: TraceAnswer };
  tailTraces: { params: TraceTailParams; result: TraceTail };
  searchLogs: { params: LogSearchParams; result: LogPage };
  logHistogram: { params: LogHistogramParams; result: LogHistogramAnswer };
  tailLogs: { params: LogTailParams; result: LogTail };
  services: { params: TimeWindowParams; result: ServicesAnswer };
  operations: { params: TimeWindowParams; result: OperationsAnswer };
  dependencies: { params: Required<TimeWindowParams>; result: DependenciesAnswer };
  setPinned: { params: PinParams; result: PinsAnswer };
}

/** Requests: name to parameters and result. */
export interface CollectorRequests extends EventRequests {
  hello: { params: HelloParams; result: CollectorStatus };
  status: { params: Record<string, never>; result: CollectorStatus };
  registerWorkspace: { params: WorkspaceRegistration; result: RegisterResult };
  queryRange: { params: RangeQueryParams; result: RangeQueryAnswer };
  health: { params: Record<string, never>; result: HealthSnapshot };
  setPaused: { params: { readonly isPaused: boolean }; result: CollectorStatus };
  /** Ends the collector after it has answered, so that a newer one can take over. */
  handOver: { params: { readonly reason: string }; result: { readonly pid: number } };
}

/** Notifications from the collector. */
export interface CollectorEvents {
  healthChanged: HealthSnapshot;
  statusChanged: CollectorStatus;
  configProblems: { readonly problems: readonly ConfigProblem[] };
  log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };
}

/** What `collector.lock` in the runtime folder holds, as JSON. */
export interface LockFile {
  readonly pid: number;
  readonly socket: string;
  readonly version: string;
  readonly protocolVersion: number;
  /** 32 random bytes in hex: whoever can read the file may speak to the collector. */
  readonly token: string;
}
