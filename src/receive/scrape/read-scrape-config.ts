import { quoteGoString } from '../../base/go-quote.ts';
import type { YamlFields, YamlNode } from '../../base/yaml-reader.ts';
import { boolField, countField, durationField, sizeField } from './read-field.ts';
import { readHttpClient } from './read-http-client.ts';
import { readRelabelRules } from './read-relabel.ts';
import { readTargets } from './read-targets.ts';
import { SCRAPE_PROTOCOL_MEDIA, type EscapingScheme, type ScrapeConfig, type ScrapeLimits, type ScrapeProtocol } from './scrape-config.ts';

/** The part of `global` that scrape configs inherit. */
export interface ScrapeDefaults {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly limits: ScrapeLimits;
  readonly keepDroppedTargets: number;
  readonly protocols: readonly ScrapeProtocol[];
  readonly isLegacyNames: boolean;
  readonly escaping: EscapingScheme;
}

const ESCAPINGS: readonly EscapingScheme[] = ['allow-utf-8', 'underscores', 'dots', 'values'];

/** Reads one entry of scrape_configs (prometheus/config: ScrapeConfig); undefined when it cannot be used at all. */
export function readScrapeConfig(node: YamlNode, defaults: ScrapeDefaults, baseDir: string): ScrapeConfig | undefined {
  if (node.isNull) {
    node.report('empty or null scrape config section');
    return undefined;
  }
  const fields = node.fields('config.ScrapeConfig');
  const jobNode = fields.get('job_name');
  const jobName = jobNode?.string() ?? '';
  if (jobName === '') (jobNode ?? node).report('job_name is empty');
  const times = readTimes(fields, defaults, jobName);
  const relabel = readRelabelRules(fields.get('relabel_configs'));
  const targets = readTargets(fields, baseDir, fields.has('relabel_configs'));
  const own = readLimits(fields);
  const config: ScrapeConfig = {
    jobName,
    ...times,
    metricsPath: fields.get('metrics_path')?.string() ?? '/metrics',
    scheme: readScheme(fields),
    params: readParams(fields.get('params')),
    honorLabels: boolField(fields, 'honor_labels', false),
    honorTimestamps: boolField(fields, 'honor_timestamps', true),
    trackTimestampsStaleness: boolField(fields, 'track_timestamps_staleness', false),
    enableCompression: boolField(fields, 'enable_compression', true),
    protocols: readProtocols(fields, ` for scrape config with job name ${quoteGoString(jobName)}`) ?? defaults.protocols,
    fallbackProtocol: readFallback(fields),
    ...readNaming(fields, defaults),
    limits: {
      bodySizeBytes: own.bodySizeBytes || defaults.limits.bodySizeBytes,
      samples: own.samples || defaults.limits.samples,
      targets: own.targets || defaults.limits.targets,
      labels: own.labels || defaults.limits.labels,
      labelNameLength: own.labelNameLength || defaults.limits.labelNameLength,
      labelValueLength: own.labelValueLength || defaults.limits.labelValueLength,
    },
    keepDroppedTargets: countField(fields, 'keep_dropped_targets') || defaults.keepDroppedTargets,
    http: readHttpClient(fields, baseDir),
    relabel,
    metricRelabel: readRelabelRules(fields.get('metric_relabel_configs')),
    ...targets,
  };
  ignoreHistogramOptions(fields);
  fields.unsupported(['scrape_failure_log_file']);
  fields.finish();
  return jobName === '' ? undefined : config;
}

/** Reads the limits, of a scrape config or of `global`. */
export function readLimits(fields: YamlFields): ScrapeLimits {
  return {
    bodySizeBytes: sizeField(fields, 'body_size_limit'),
    samples: countField(fields, 'sample_limit'),
    targets: countField(fields, 'target_limit'),
    labels: countField(fields, 'label_limit'),
    labelNameLength: countField(fields, 'label_name_length_limit'),
    labelValueLength: countField(fields, 'label_value_length_limit'),
  };
}

/** Reads scrape_protocols; undefined when absent or unusable. The protobuf format is known, but left out. */
export function readProtocols(fields: YamlFields, where: string): readonly ScrapeProtocol[] | undefined {
  const node = fields.get('scrape_protocols');
  if (!node) return undefined;
  const names = node.strings();
  if (names.length === 0) node.report(`scrape_protocols cannot be empty${where}`);
  if (new Set(names).size < names.length) node.report(`duplicated protocol in scrape_protocols, got [${names.join(' ')}]${where}`);
  const protocols = names.filter((name): name is ScrapeProtocol => {
    if (Object.hasOwn(SCRAPE_PROTOCOL_MEDIA, name)) return true;
    node.report(`scrape_protocols: ${unknownProtocol(name)}${where}`);
    return false;
  });
  const text = protocols.filter((name) => name !== 'PrometheusProto');
  if (text.length < protocols.length) node.report('PrometheusProto is not supported yet and is not asked for', 'warning');
  return text.length > 0 ? text : undefined;
}

/** Reads the name validation and escaping schemes, of a scrape config or of `global`. */
export function readNaming(
  fields: YamlFields,
  defaults: { readonly isLegacyNames: boolean; readonly escaping: EscapingScheme },
  isGlobal = false,
): { isLegacyNames: boolean; escaping: EscapingScheme } {
  const validationNode = fields.get('metric_name_validation_scheme');
  const validation = validationNode?.string() ?? '';
  if (validation !== '' && validation !== 'legacy' && validation !== 'utf8') {
    validationNode!.report(`unknown name validation method specified, must be either 'legacy' or 'utf8', got ${validation}`);
  }
  const isLegacyNames = validation === '' ? defaults.isLegacyNames : validation === 'legacy';
  const escapingNode = fields.get('metric_name_escaping_scheme');
  const wanted = escapingNode?.string() ?? '';
  const escaping = ESCAPINGS.find((name) => name === wanted);
  if (wanted !== '' && !escaping) {
    const names = ESCAPINGS.map((name) => `'${name}'`);
    escapingNode!.report(`unknown name escaping method specified, must be one of ${names.slice(0, -1).join(', ')}, or ${names.at(-1)}, got ${wanted}`);
  }
  // Whoever switches to legacy names has to name an escaping too, unless both are global.
  const inherited = isGlobal && isLegacyNames ? 'underscores' : defaults.escaping;
  const chosen = escaping ?? inherited;
  if (chosen === 'allow-utf-8' && isLegacyNames) {
    (escapingNode ?? validationNode ?? fields.node).report('utf8 metric names requested but validation scheme is not set to UTF8');
  }
  return { isLegacyNames, escaping: chosen };
}

/** Options about native histograms, which text formats do not carry: read, without effect. */
export function ignoreHistogramOptions(fields: YamlFields): void {
  const convert = fields.get('convert_classic_histograms_to_nhcb');
  if (convert?.bool() === true) convert.report('convert_classic_histograms_to_nhcb is not supported yet and is ignored', 'warning');
  fields.get('always_scrape_classic_histograms')?.bool();
  fields.get('native_histogram_bucket_limit')?.uint();
  fields.get('native_histogram_min_bucket_factor')?.string();
}

function readTimes(fields: YamlFields, defaults: ScrapeDefaults, jobName: string): { intervalMs: number; timeoutMs: number } {
  const intervalMs = durationField(fields, 'scrape_interval') || defaults.intervalMs;
  const timeoutMs = durationField(fields, 'scrape_timeout') || 0;
  if (timeoutMs > intervalMs) {
    fields.key('scrape_timeout')!.report(`scrape timeout greater than scrape interval for scrape config with job name ${quoteGoString(jobName)}`);
  }
  return { intervalMs, timeoutMs: Math.min(timeoutMs || defaults.timeoutMs, intervalMs) };
}

function readScheme(fields: YamlFields): string {
  const node = fields.get('scheme');
  const scheme = node?.string() ?? 'http';
  if (scheme !== 'http' && scheme !== 'https') node?.report(`scheme ${quoteGoString(scheme)} is not supported, use http or https`, 'warning');
  return scheme;
}

function readParams(node: YamlNode | undefined): Record<string, readonly string[]> {
  const entries = node?.entries('url.Values') ?? [];
  return Object.fromEntries(entries.map(([key, value]): [string, readonly string[]] => [key.string() ?? '', value?.strings() ?? []]));
}

function readFallback(fields: YamlFields): ScrapeProtocol | undefined {
  const node = fields.get('fallback_scrape_protocol');
  const name = node?.string();
  if (name === undefined || name === '') return undefined;
  if (!Object.hasOwn(SCRAPE_PROTOCOL_MEDIA, name)) {
    node!.report(`invalid fallback_scrape_protocol: ${unknownProtocol(name)}`);
    return undefined;
  }
  if (name === 'PrometheusProto') node!.report('PrometheusProto is not supported yet', 'warning');
  // Just found among the names.
  return name as ScrapeProtocol;
}

function unknownProtocol(name: string): string {
  return `unknown scrape protocol ${name}, supported: [${Object.keys(SCRAPE_PROTOCOL_MEDIA).sort().join(' ')}]`;
}
