import type { ProviderHealth, ServiceHealth, TargetHealth } from '../protocol/health.ts';
import { formatAge, formatPercent, formatRate, formatRequestRate, formatSeconds, sparkline } from './format.ts';
import { stateLook } from './health-state.ts';
import { escapeMarkdown } from './tree-node.ts';

/** What the pointer shows on a provider or service: the state, why, the numbers, and the rate of the last minutes. Markdown. */
export function entityTooltip(entity: ProviderHealth | ServiceHealth, nowMs: number): string {
  const rows: [string, string][] = [];
  if (entity.requestsPerSecond !== undefined) rows.push(['Requests', formatRequestRate(entity.requestsPerSecond)]);
  if (entity.successRatio !== undefined) rows.push(['Success', formatPercent(entity.successRatio)]);
  for (const name of ['p50', 'p95', 'p99'] as const) {
    const seconds = entity.latency[name];
    if (seconds !== undefined) rows.push([`Latency ${name}`, formatSeconds(seconds)]);
  }
  if (entity.inFlight !== undefined) rows.push(['In flight', String(Math.round(entity.inFlight))]);
  if (entity.kind === 'provider') for (const { reason, perSecond } of entity.errors) rows.push([`Errors ${reason}`, formatRate(perSecond)]);
  if (entity.lastSeenMs !== undefined) rows.push(['Last sample', `${formatAge(nowMs - entity.lastSeenMs)} ago`]);
  // One point is no line.
  const line = sparkline(entity.sparkline).trimEnd();
  return [
    `$(${stateLook(entity.state).icon}) **${escapeMarkdown(entity.name)}** ${entity.state} for ${formatAge(nowMs - entity.sinceMs)} · ${escapeMarkdown(entity.system)}`,
    ...entity.reasons.map((reason) => `$(info) ${escapeMarkdown(reason)}`),
    table(rows),
    ...(line.length < 2 ? [] : [`\`${line}\` requests per second`]),
  ].join('\n\n');
}

/** What the pointer shows on a scrape target. Markdown. */
export function targetTooltip(target: TargetHealth, nowMs: number): string {
  const rows: [string, string][] = [['Address', escapeMarkdown(target.url)], ['Interval', formatSeconds(target.intervalMs / 1000)]];
  if (target.lastScrapeMs !== undefined) rows.push(['Last scrape', `${formatAge(nowMs - target.lastScrapeMs)} ago`]);
  if (target.lastDurationSeconds !== undefined) rows.push(['Duration', formatSeconds(target.lastDurationSeconds)]);
  if (target.samples !== undefined) rows.push(['Samples', target.samples.toLocaleString('en-US')]);
  return [
    `$(${stateLook(target.state).icon}) **${escapeMarkdown(target.job)}** ${target.state}`,
    ...(target.lastError ? [`$(error) ${escapeMarkdown(target.lastError)}`] : []),
    table(rows),
  ].join('\n\n');
}

/** A Markdown table of two columns; the cells must be escaped. */
function table(rows: readonly (readonly [string, string])[]): string {
  return ['| | |', '|:--|--:|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}
