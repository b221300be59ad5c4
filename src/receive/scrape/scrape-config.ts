import type { RelabelRule } from '../../model/relabel.ts';

/** The exposition formats that a scrape may ask for, by Prometheus's names. */
export type ScrapeProtocol = 'PrometheusProto' | 'PrometheusText0.0.4' | 'PrometheusText1.0.0' | 'OpenMetricsText0.0.1' | 'OpenMetricsText1.0.0';

/** The media types of the protocols (prometheus/config: ScrapeProtocolsHeaders). */
export const SCRAPE_PROTOCOL_MEDIA: Readonly<Record<ScrapeProtocol, string>> = {
  PrometheusProto: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0',
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0',
};

/** What Prometheus asks for by default, most wanted first. */
export const DEFAULT_SCRAPE_PROTOCOLS: readonly ScrapeProtocol[] = [
  'OpenMetricsText1.0.0', 'OpenMetricsText0.0.1', 'PrometheusText1.0.0', 'PrometheusText0.0.4',
];

/** How names that are not plain identifiers are wanted from the target. */
export type EscapingScheme = 'allow-utf-8' | 'underscores' | 'dots' | 'values';

/** Limits on one scrape; 0 means none. */
export interface ScrapeLimits {
  readonly bodySizeBytes: number;
  readonly samples: number;
  readonly targets: number;
  readonly labels: number;
  readonly labelNameLength: number;
  readonly labelValueLength: number;
}

/** A secret, or the file that holds it. */
export type SecretSource = { readonly text: string } | { readonly file: string };

/** How to talk to targets. File paths are absolute. */
export interface HttpClientConfig {
  readonly basicAuth?: { readonly username: SecretSource; readonly password: SecretSource };
  readonly authorization?: { readonly type: string; readonly credentials: SecretSource };
  readonly tls: {
    readonly ca?: SecretSource;
    readonly cert?: SecretSource;
    readonly key?: SecretSource;
    readonly serverName: string;
    readonly insecureSkipVerify: boolean;
  };
  readonly followRedirects: boolean;
  readonly headers: readonly { readonly name: string; readonly values: readonly SecretSource[] }[];
}

/** Addresses with the labels they share. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Target groups in files, read again every `refreshIntervalMs`. Paths are absolute; the last part may have a `*`. */
export interface FileDiscovery {
  readonly files: readonly string[];
  readonly refreshIntervalMs: number;
}

/** One entry of scrape_configs as plain data, globals and defaults filled in. It can be cloned to a worker. */
export interface ScrapeConfig {
  readonly jobName: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly metricsPath: string;
  readonly scheme: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly trackTimestampsStaleness: boolean;
  readonly enableCompression: boolean;
  readonly protocols: readonly ScrapeProtocol[];
  readonly fallbackProtocol: ScrapeProtocol | undefined;
  readonly isLegacyNames: boolean;
  readonly escaping: EscapingScheme;
  readonly limits: ScrapeLimits;
  /** Dropped targets that are kept to be shown; 0 means all. */
  readonly keepDroppedTargets: number;
  readonly http: HttpClientConfig;
  readonly relabel: readonly RelabelRule[];
  readonly metricRelabel: readonly RelabelRule[];
  readonly staticGroups: readonly TargetGroup[];
  readonly fileDiscoveries: readonly FileDiscovery[];
}

/** Where something stands in the file; lines and columns from 0. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A prometheus.yml, as far as we act on it. */
export interface PrometheusConfig {
  readonly scrapeIntervalMs: number;
  readonly evaluationIntervalMs: number;
  readonly ruleQueryOffsetMs: number;
  readonly externalLabels: Readonly<Record<string, string>>;
  /** Absolute patterns. */
  readonly ruleFiles: readonly string[];
  readonly scrapeConfigs: readonly ScrapeConfig[];
  /** The alerting section as it stands, for its own reader. */
  readonly alerting: unknown;
}
