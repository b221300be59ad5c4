import type { HealthSnapshot, KeyHealth, LatencyQuantiles, ModelHealth, ProviderHealth, RedSignals, ServiceHealth, TargetHealth } from '../protocol/health.ts';
import { formatAge, formatPercent, formatRate, formatRequestRate, formatSeconds } from './format.ts';
import { countHealthy, stateLook, worstFirst } from './health-state.ts';
import { entityTooltip, targetTooltip } from './health-tooltip.ts';
import type { TreeNode } from './tree-node.ts';

/** The rows of the Health view: providers, services and targets, the worst first. Empty without telemetry. */
export function healthNodes(snapshot: HealthSnapshot): readonly TreeNode[] {
  const providers = worstFirst(snapshot.providers).map((provider) => providerNode(provider, snapshot.atMs));
  const services = worstFirst(snapshot.services).map((service) => serviceNode(service, snapshot.atMs));
  const targets = worstFirst(snapshot.targets.map((target) => ({ ...target, name: `${target.job} ${target.url}` }))).map((target) => targetNode(target, snapshot.atMs));
  return [
    groupNode('providers', 'PROVIDERS', 'providers', providers, snapshot.providers),
    groupNode('services', 'SERVICES', 'services', services, snapshot.services),
    groupNode('targets', 'TARGETS', 'scrape targets', targets, snapshot.targets),
  ].filter((group) => group.children.length > 0);
}

function groupNode(id: string, label: string, noun: string, children: readonly TreeNode[], entities: Parameters<typeof countHealthy>[0]): TreeNode {
  const { healthy, all } = countHealthy(entities);
  return { id, label, description: `${healthy}/${all}`, spoken: `${healthy} of ${all} ${noun} healthy`, children, isOpen: true, context: ['group'] };
}

function providerNode(provider: ProviderHealth, nowMs: number): TreeNode {
  const id = provider.id;
  const keysUp = provider.keys.filter(({ isUp }) => isUp !== false).length;
  const children: TreeNode[] = [...signalRows(provider, id)];
  if (provider.errors.length > 0) {
    const text = provider.errors.map(({ reason, perSecond }) => `${reason} ${formatRate(perSecond)}`).join(' · ');
    children.push(valueRow(`${id}/errors`, 'errors', text, 'bug'));
  }
  if (provider.keys.length > 0) {
    const description = `${keysUp} of ${provider.keys.length} up`;
    children.push({ id: `${id}/keys`, label: 'keys', description, icon: { name: 'key' }, spoken: `keys, ${description}`, children: provider.keys.map((key) => keyNode(key, id)), context: ['list'] });
  }
  if (provider.models.length > 0) {
    const description = String(provider.models.length);
    const rows = provider.models.map((model) => modelNode(model, id));
    children.push({ id: `${id}/models`, label: 'models', description, icon: { name: 'layers' }, spoken: `${description} ${provider.models.length === 1 ? 'model' : 'models'}`, children: rows, context: ['list'] });
  }
  return entityNode(provider, nowMs, children);
}

const serviceNode = (service: ServiceHealth, nowMs: number): TreeNode => entityNode(service, nowMs, signalRows(service, service.id));

function entityNode(entity: ProviderHealth | ServiceHealth, nowMs: number, children: readonly TreeNode[]): TreeNode {
  const { icon, colour } = stateLook(entity.state);
  const description = entityDescription(entity, nowMs);
  const spokenNumbers = description.replace(`${entity.state} · `, '');
  return {
    id: entity.id,
    label: entity.name,
    description,
    icon: { name: icon, colour },
    spoken: `${entity.name}, ${entity.state}${spokenNumbers === '' || spokenNumbers === entity.state ? '' : `, ${spoken(spokenNumbers)}`}`,
    tooltip: () => entityTooltip(entity, nowMs),
    children,
    context: [entity.kind, 'chartable', 'copyable'],
    copyText: `${entity.name}: ${description}${entity.reasons.length > 0 ? ` (${entity.reasons.join('; ')})` : ''}`,
    entityName: entity.name,
  };
}

/** State in words unless healthy, then the numbers that explain it. */
function entityDescription(entity: ProviderHealth | ServiceHealth, nowMs: number): string {
  const { state, successRatio, requestsPerSecond, latency } = entity;
  const success = successRatio === undefined ? undefined : `${formatPercent(successRatio)} ok`;
  const p95 = latency.p95 === undefined ? undefined : `p95 ${formatSeconds(latency.p95)}`;
  const rate = requestsPerSecond === undefined ? undefined : formatRequestRate(requestsPerSecond);
  const parts: (string | undefined)[] = state === 'healthy' ? [success, p95, rate] : [state];
  if (state === 'degraded' || state === 'unhealthy') {
    // A slow provider that answers is explained by its latency, a failing one by its success.
    parts.push(successRatio !== undefined && successRatio < 0.99 ? success : (p95 ?? success), rate);
  }
  if (state === 'offline' && entity.lastSeenMs !== undefined) parts.push(`last seen ${formatAge(nowMs - entity.lastSeenMs)} ago`);
  if (state === 'unknown') parts.push(rate ?? 'no requests yet');
  return parts.filter((part) => part !== undefined).join(' · ');
}

function signalRows(entity: ProviderHealth | ServiceHealth, id: string): TreeNode[] {
  const rows = entity.reasons.map((reason, index) => ({ ...valueRow(`${id}/reason/${index}`, reason, undefined, 'info') }));
  const latency = formatQuantiles(entity.latency);
  if (latency) rows.push(valueRow(`${id}/latency`, 'latency', latency, 'clock'));
  if (entity.inFlight !== undefined) rows.push(valueRow(`${id}/in-flight`, 'in flight', String(Math.round(entity.inFlight)), 'arrow-swap'));
  return rows;
}

/** `p50 220 ms · p95 1.9 s · p99 4.1 s`, of those that are known; '' when none is. */
function formatQuantiles(latency: LatencyQuantiles): string {
  return (['p50', 'p95', 'p99'] as const)
    .flatMap((name) => {
      const seconds = latency[name];
      return seconds === undefined ? [] : [`${name} ${formatSeconds(seconds)}`];
    })
    .join(' · ');
}

function keyNode(key: KeyHealth, providerId: string): TreeNode {
  const parts = [
    key.share === undefined ? undefined : `${formatPercent(key.share)} of calls`,
    ...key.rotations.map(({ reason, perSecond }) => `${reason} ${formatRate(perSecond)}`),
  ].filter((part) => part !== undefined);
  const state = key.isUp === undefined ? 'unknown' : key.isUp ? 'healthy' : 'unhealthy';
  const word = key.isUp === undefined ? 'state unknown' : key.isUp ? 'up' : 'down';
  const description = [key.isUp === false ? 'down' : undefined, ...parts].filter((part) => part !== undefined).join(' · ');
  const { icon, colour } = stateLook(state);
  return leaf(`${providerId}/key/${key.id}`, key.name || key.id, description, { name: icon, colour }, `key ${key.name || key.id}, ${word}, ${spoken(parts.join(' · '))}`);
}

function modelNode(model: ModelHealth, providerId: string): TreeNode {
  const description = signalSummary(model);
  return leaf(`${providerId}/model/${model.name}`, model.name, description, { name: 'circle-small-filled' }, `model ${model.name}, ${spoken(description)}`);
}

function signalSummary(signals: RedSignals): string {
  const parts = [
    signals.successRatio === undefined ? undefined : `${formatPercent(signals.successRatio)} ok`,
    signals.latency.p95 === undefined ? undefined : `p95 ${formatSeconds(signals.latency.p95)}`,
    signals.requestsPerSecond === undefined ? undefined : formatRequestRate(signals.requestsPerSecond),
    signals.inFlight === undefined ? undefined : `${Math.round(signals.inFlight)} in flight`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

function targetNode(target: TargetHealth, nowMs: number): TreeNode {
  const { icon, colour } = stateLook(target.state);
  const address = target.url.replace(/^https?:\/\//, '');
  const description = target.lastError ? `${target.lastError} · ${address}` : address;
  return {
    ...leaf(target.id, target.job, description, { name: icon, colour }, `scrape target ${target.job} at ${address}, ${target.lastError || target.state}`),
    tooltip: () => targetTooltip(target, nowMs),
    copyText: target.url,
  };
}

const valueRow = (id: string, label: string, description: string | undefined, icon: string): TreeNode =>
  leaf(id, label, description, { name: icon }, description === undefined ? label : `${label} ${spoken(description)}`);

function leaf(id: string, label: string, description: string | undefined, icon: NonNullable<TreeNode['icon']>, spokenText: string): TreeNode {
  const copyText = description === undefined || description === '' ? label : `${label}: ${description}`;
  return { id, label, ...(description === undefined ? {} : { description }), icon, spoken: spokenText.replace(/, $/, ''), children: [], context: ['value', 'copyable'], copyText };
}

/** Signs as words for screen readers. */
const spoken = (text: string): string =>
  text
    .replaceAll(' · ', ', ')
    .replaceAll('req/s', 'requests per second')
    .replaceAll(/\/s\b/g, ' per second')
    .replaceAll('\u202f', ' ');
