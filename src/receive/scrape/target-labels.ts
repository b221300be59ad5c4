import { quoteGoString } from '../../base/go-quote.ts';
import { formatPrometheusDuration, parsePrometheusDuration } from '../../base/prometheus-duration.ts';
import { labelsFromPairs, type Labels } from '../../model/labels.ts';
import { compileRelabel } from '../../model/relabel.ts';
import type { ScrapeConfig, TargetGroup } from './scrape-config.ts';

/** A target before anybody scrapes it. */
export interface TargetDescription {
  /** Labels before relabelling, those of service discovery included. */
  readonly discoveredLabels: Labels;
  /** Public labels, as series get them. */
  readonly labels: Labels;
  readonly url: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** What became of the addresses of a scrape config. */
export interface ResolvedTargets {
  readonly active: readonly TargetDescription[];
  /** Discovered labels of targets that relabelling drops. */
  readonly dropped: readonly Labels[];
  readonly problems: readonly string[];
}

/** Resolves target groups by a config's relabelling (prometheus/scrape: TargetsFromGroup, PopulateLabels). Equal targets count once. */
export function resolveTargets(config: ScrapeConfig, groups: readonly TargetGroup[]): ResolvedTargets {
  const relabel = compileRelabel(config.relabel);
  const active = new Map<string, TargetDescription>();
  const dropped: Labels[] = [];
  const problems: string[] = [];
  for (const group of groups) {
    group.targets.forEach((address, index) => {
      const labels = discoveredLabels(config, address, group.labels);
      const discovered = labelsFromPairs(labels);
      if (!relabel(labels)) {
        dropped.push(discovered);
        return;
      }
      const target = describe(config, labels, discovered);
      if (typeof target === 'string') problems.push(`instance ${index} in group ${address}: ${target}`);
      else active.set(`${target.url}\0${target.labels.join('\0')}`, target);
    });
  }
  return { active: [...active.values()], dropped, problems };
}

function discoveredLabels(config: ScrapeConfig, address: string, groupLabels: Readonly<Record<string, string>>): Map<string, string> {
  const labels = new Map<string, string>([['__address__', address]]);
  const addMissing = (name: string, value: string): void => {
    if (value !== '' && !labels.has(name)) labels.set(name, value);
  };
  for (const [name, value] of Object.entries(groupLabels)) addMissing(name, value);
  addMissing('job', config.jobName);
  addMissing('__scrape_interval__', formatPrometheusDuration(config.intervalMs));
  addMissing('__scrape_timeout__', formatPrometheusDuration(config.timeoutMs));
  addMissing('__metrics_path__', config.metricsPath);
  addMissing('__scheme__', config.scheme);
  for (const [name, values] of Object.entries(config.params)) if (values.length > 0) addMissing(`__param_${name}`, values[0]!);
  return labels;
}

/** The finished target, or why it cannot be one. */
function describe(config: ScrapeConfig, labels: Map<string, string>, discovered: Labels): TargetDescription | string {
  const address = labels.get('__address__') ?? '';
  if (address === '') return 'no address';
  if (address.includes('/')) return `${quoteGoString(address)} is not a valid hostname`;
  const interval = labels.get('__scrape_interval__') ?? '';
  const intervalMs = parsePrometheusDuration(interval);
  if (!intervalMs.ok) return `error parsing scrape interval: ${intervalMs.error}`;
  if (intervalMs.value === 0) return 'scrape interval cannot be 0';
  const timeout = labels.get('__scrape_timeout__') ?? '';
  const timeoutMs = parsePrometheusDuration(timeout);
  if (!timeoutMs.ok) return `error parsing scrape timeout: ${timeoutMs.error}`;
  if (timeoutMs.value === 0) return 'scrape timeout cannot be 0';
  if (timeoutMs.value > intervalMs.value) {
    return `scrape timeout cannot be greater than scrape interval (${quoteGoString(timeout)} > ${quoteGoString(interval)})`;
  }
  if (!labels.has('instance')) labels.set('instance', address);
  const url = targetUrl(config, labels, address);
  if (url === undefined) return `${quoteGoString(address)} does not make a valid URL`;
  const own = [...labels].filter(([name]) => !name.startsWith('__'));
  return { discoveredLabels: discovered, labels: labelsFromPairs(own), url, intervalMs: intervalMs.value, timeoutMs: timeoutMs.value };
}

function targetUrl(config: ScrapeConfig, labels: ReadonlyMap<string, string>, address: string): string | undefined {
  const params = new Map(Object.entries(config.params).map(([name, values]) => [name, [...values]]));
  for (const [label, value] of labels) {
    if (!label.startsWith('__param_')) continue;
    const name = label.slice('__param_'.length);
    const values = params.get(name);
    if (values && values.length > 0) values[0] = value;
    else params.set(name, [value]);
  }
  const query = new URLSearchParams();
  for (const name of [...params.keys()].sort()) for (const value of params.get(name)!) query.append(name, value);
  const path = labels.get('__metrics_path__') ?? '';
  const encodedPath = encodeURI(path.startsWith('/') ? path : `/${path}`).replaceAll('?', '%3F').replaceAll('#', '%23');
  const text = `${labels.get('__scheme__') ?? 'http'}://${address}${encodedPath}${query.size > 0 ? `?${query.toString()}` : ''}`;
  return URL.canParse(text) ? text : undefined;
}
