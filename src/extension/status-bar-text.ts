import type { HealthSnapshot } from '../protocol/health.ts';
import { formatPercent, formatRequestRate, formatSeconds, padFigures } from './format.ts';
import { countedEntities, countHealthy, severity, stateLook, worstFirst } from './health-state.ts';
import { escapeMarkdown } from './tree-node.ts';

/** How the window stands to the collector. `stopped`: by the user's wish; `offline`: it does not come back. */
export type ConnectionState = 'connecting' | 'connected' | 'offline' | 'stopped';

/** What the status bar item says. */
export interface StatusBarText {
  readonly text: string;
  /** For screen readers. */
  readonly spoken: string;
  /** Markdown. */
  readonly tooltip: string;
}

/** Everything the status bar depends on. */
export interface StatusBarInput {
  readonly connection: ConnectionState;
  readonly isPaused: boolean;
  /** Why it is offline; '' when it is not. */
  readonly detail: string;
  readonly health: HealthSnapshot | undefined;
}

const LATENCY_WIDTH = 7;

/** The status bar item: worst state, healthy of all, p95. */
export function statusBarText(input: StatusBarInput): StatusBarText {
  const { connection, isPaused, health } = input;
  if (connection === 'stopped' || connection === 'offline') {
    const why = connection === 'stopped' ? 'The collector was stopped.' : `The collector does not run. ${input.detail}`.trimEnd();
    const links = `[Start Collector](command:sightline.startCollector) · [Show Log](command:sightline.showLog)`;
    return { text: '$(debug-disconnect) Sightline off', spoken: `Sightline is off. ${why}`, tooltip: `${escapeMarkdown(why)}\n\n${links}` };
  }
  if (connection === 'connecting' && !health) return { text: '$(loading~spin) Sightline', spoken: 'Sightline starts its collector', tooltip: 'Starting the collector …' };
  if (isPaused) return { text: '$(debug-pause) Sightline paused', spoken: 'Sightline: collection is paused', tooltip: `Collection is paused.\n\n${links(true)}` };
  const entities = health ? worstFirst(countedEntities(health)) : [];
  const worst = entities[0];
  if (!health || !worst) return { text: '$(pulse) Sightline', spoken: 'Sightline: no telemetry yet', tooltip: `No telemetry yet.\n\n[Start Demo](command:sightline.startDemo) · ${links(false)}` };
  const { healthy, all } = countHealthy(entities);
  const tooltip = `${entityTable(entities)}\n\n${links(false)}`;
  const counts = `${healthy} of ${all} healthy`;
  if (severity(worst.state) >= severity('degraded')) {
    const { icon } = stateLook(worst.state);
    return { text: `$(${icon}) ${worst.name} ${worst.state} · ${healthy}/${all}`, spoken: `Sightline: ${worst.name} ${worst.state}, ${counts}`, tooltip };
  }
  const p95 = health.p95 === undefined ? '' : ` · p95 ${padFigures(formatSeconds(health.p95), LATENCY_WIDTH)}`;
  const spokenLatency = health.p95 === undefined ? '' : `, 95th percentile ${formatSeconds(health.p95)}`;
  return { text: `$(pulse) ${healthy}/${all}${p95}`, spoken: `Sightline: ${counts}${spokenLatency}`, tooltip };
}

function entityTable(entities: readonly ReturnType<typeof countedEntities>[number][]): string {
  const rows = entities.map((entity) => {
    const cells = [
      `$(${stateLook(entity.state).icon}) ${escapeMarkdown(entity.name)}`,
      entity.state,
      entity.requestsPerSecond === undefined ? '' : formatRequestRate(entity.requestsPerSecond),
      entity.successRatio === undefined ? '' : formatPercent(entity.successRatio),
      entity.latency.p95 === undefined ? '' : formatSeconds(entity.latency.p95),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| | state | rate | success | p95 |', '|:--|:--|--:|--:|--:|', ...rows].join('\n');
}

function links(isPaused: boolean): string {
  const pause = isPaused ? '[Resume](command:sightline.resumeCollection)' : '[Pause](command:sightline.pauseCollection)';
  return `[Charts](command:sightline.openCharts) · [Health](command:sightline.focusHealth) · ${pause}`;
}
