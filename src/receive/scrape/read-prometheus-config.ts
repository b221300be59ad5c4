import path from 'node:path';
import { quoteGoString } from '../../base/go-quote.ts';
import { parseYamlFile, type TextProblem, type YamlNode } from '../../base/yaml-reader.ts';
import { durationField } from './read-field.ts';
import { ignoreHistogramOptions, readLimits, readNaming, readProtocols, readScrapeConfig, type ScrapeDefaults } from './read-scrape-config.ts';
import { readLabels } from './read-targets.ts';
import { DEFAULT_SCRAPE_PROTOCOLS, type PrometheusConfig, type ScrapeConfig } from './scrape-config.ts';

const MINUTE_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const RULE_PATH = /^[^*]*(\*[^/]*)?$/;
const NOT_OURS = ['runtime', 'scrape_config_files', 'storage', 'tracing', 'remote_write', 'remote_read', 'otlp'];
const NO_LIMITS = { bodySizeBytes: 0, samples: 0, targets: 0, labels: 0, labelNameLength: 0, labelValueLength: 0 };

interface Globals {
  readonly defaults: ScrapeDefaults;
  readonly evaluationIntervalMs: number;
  readonly ruleQueryOffsetMs: number;
  readonly externalLabels: Record<string, string>;
}

/**
 * Reads a prometheus.yml with Prometheus 3.5's checks. Relative paths are resolved against `baseDir`. Environment variables
 * are not expanded, as in Prometheus. The config holds what is sound; with a problem of severity `error` Prometheus would refuse the file.
 */
export function readPrometheusConfig(text: string, baseDir: string): { readonly config: PrometheusConfig; readonly problems: readonly TextProblem[] } {
  const { root, problems } = parseYamlFile(text);
  const fields = root?.fields('config.plain');
  const globals = readGlobals(fields?.get('global'));
  const ruleFiles = (fields?.get('rule_files')?.list('[]string') ?? []).flatMap((node) => {
    const pattern = node.string();
    if (pattern === undefined) return [];
    if (!RULE_PATH.test(pattern)) node.report(`invalid rule file path ${quoteGoString(pattern)}`);
    return [path.resolve(baseDir, pattern)];
  });
  const scrapeConfigs = readScrapeConfigs(fields?.get('scrape_configs'), globals.defaults, baseDir, problems);
  const alerting = fields?.get('alerting')?.plain();
  fields?.unsupported(NOT_OURS);
  fields?.finish();
  const config: PrometheusConfig = {
    scrapeIntervalMs: globals.defaults.intervalMs,
    evaluationIntervalMs: globals.evaluationIntervalMs,
    ruleQueryOffsetMs: globals.ruleQueryOffsetMs,
    externalLabels: globals.externalLabels,
    ruleFiles,
    scrapeConfigs,
    alerting,
  };
  return { config, problems };
}

function readScrapeConfigs(node: YamlNode | undefined, defaults: ScrapeDefaults, baseDir: string, problems: readonly TextProblem[]): ScrapeConfig[] {
  const byJob = new Map<string, ScrapeConfig>();
  for (const item of node?.list('[]*config.ScrapeConfig') ?? []) {
    const before = errorCount(problems);
    const config = readScrapeConfig(item, defaults, baseDir);
    // Scraping with a part of the rules would store what the file forbids.
    if (!config || errorCount(problems) > before) continue;
    if (byJob.has(config.jobName)) item.report(`found multiple scrape configs with job name ${quoteGoString(config.jobName)}`);
    else byJob.set(config.jobName, config);
  }
  return [...byJob.values()];
}

function errorCount(problems: readonly TextProblem[]): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}

function readGlobals(node: YamlNode | undefined): Globals {
  const fields = node?.fields('config.plain');
  if (!fields) {
    const defaults = {
      intervalMs: MINUTE_MS, timeoutMs: DEFAULT_TIMEOUT_MS, limits: NO_LIMITS, keepDroppedTargets: 0,
      protocols: DEFAULT_SCRAPE_PROTOCOLS, isLegacyNames: false, escaping: 'allow-utf-8' as const,
    };
    return { defaults, evaluationIntervalMs: MINUTE_MS, ruleQueryOffsetMs: 0, externalLabels: {} };
  }
  const intervalMs = durationField(fields, 'scrape_interval') || MINUTE_MS;
  const timeoutMs = durationField(fields, 'scrape_timeout') || 0;
  if (timeoutMs > intervalMs) fields.key('scrape_timeout')!.report('global scrape timeout greater than scrape interval');
  const globals: Globals = {
    defaults: {
      intervalMs,
      timeoutMs: Math.min(timeoutMs || DEFAULT_TIMEOUT_MS, intervalMs),
      limits: readLimits(fields),
      keepDroppedTargets: fields.get('keep_dropped_targets')?.uint() ?? 0,
      protocols: readProtocols(fields, ' for global config') ?? DEFAULT_SCRAPE_PROTOCOLS,
      ...readNaming(fields, { isLegacyNames: false, escaping: 'allow-utf-8' }, true),
    },
    evaluationIntervalMs: durationField(fields, 'evaluation_interval') || MINUTE_MS,
    ruleQueryOffsetMs: durationField(fields, 'rule_query_offset') ?? 0,
    externalLabels: readLabels(fields.get('external_labels')),
  };
  ignoreHistogramOptions(fields);
  fields.unsupported(['query_log_file', 'scrape_failure_log_file']);
  fields.finish();
  return globals;
}
