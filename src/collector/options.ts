import type { ListenAddress } from './listen.ts';

/** Everything a collector can be told. Ages in ms, sizes in bytes; undefined for an address means off, for an age no limit. */
export interface CollectorOptions {
  readonly dataDir: string;
  readonly api: ListenAddress;
  readonly otlpHttp: ListenAddress | undefined;
  readonly retentionAgeMs: number | undefined;
  readonly retentionBytes: number;
  readonly memoryBytes: number;
  /** A prometheus.yml that is scraped as long as the collector runs. */
  readonly configFile: string | undefined;
  /** Ends this long after the last window has gone; undefined: stays until stopped. */
  readonly lingerMs: number | undefined;
  /** PromQL with everything that is experimental or newer than 3.5; else exactly that of Prometheus 3.5 without feature flags. */
  readonly experimentalPromql: boolean;
  /** The script of a worker, by its name. */
  readonly workerScript: (name: 'metrics-worker' | 'events-worker') => string;
}

export const DEFAULT_API: ListenAddress = { host: '127.0.0.1', port: 4390 };
export const DEFAULT_OTLP_HTTP: ListenAddress = { host: '127.0.0.1', port: 4318 };
export const DEFAULT_RETENTION_AGE_MS = 24 * 3_600_000;
export const DEFAULT_RETENTION_BYTES = 2 * 1024 ** 3;
export const DEFAULT_MEMORY_BYTES = 256 * 1024 ** 2;
