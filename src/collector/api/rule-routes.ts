import { formatGoFloat } from '../../base/go-float.ts';
import { labelsToRecord } from '../../model/labels.ts';
import type { ActiveAlert } from '../../rules/alerting-state.ts';
import type { RuleStatus } from '../../rules/group-state.ts';
import type { GroupView } from '../rules/rule-manager.ts';
import { successAnswer } from './http-answer.ts';
import type { ApiRoute } from './router.ts';

/** `/api/v1/rules` and `/api/v1/alerts`, shaped as Prometheus's. */
export function ruleRoutes(groups: () => readonly GroupView[]): readonly ApiRoute[] {
  return [
    { methods: ['GET'], path: '/api/v1/rules', handle: ({ params }) => successAnswer({ groups: groups().flatMap((group) => describeGroup(group, params)) }) },
    {
      methods: ['GET'],
      path: '/api/v1/alerts',
      handle: () => successAnswer({ alerts: groups().flatMap(({ state }) => state.rules.flatMap(({ alerting }) => (alerting?.active() ?? []).map(describeAlert))) }),
    },
  ];
}

function describeGroup({ file, state }: GroupView, params: URLSearchParams): readonly object[] {
  const { group } = state;
  const names = params.getAll('rule_name[]');
  const groupNames = params.getAll('rule_group[]');
  const files = params.getAll('file[]');
  if ((groupNames.length > 0 && !groupNames.includes(group.name)) || (files.length > 0 && !files.includes(file))) return [];
  const kind = { alert: 'alerting', record: 'recording' }[params.get('type') ?? ''];
  const rules = state.rules.filter(({ rule }) => (kind === undefined || rule.kind === kind) && (names.length === 0 || names.includes(rule.name)));
  if (rules.length === 0 && (names.length > 0 || kind !== undefined)) return [];
  const hidesAlerts = params.get('exclude_alerts') === 'true';
  return [{
    name: group.name, file, rules: rules.map((status) => describeRule(status, hidesAlerts)), interval: state.intervalMs / 1000, limit: group.limit,
    evaluationTime: state.durationMs / 1000, lastEvaluation: formatTime(state.lastEvaluationMs),
  }];
}

function describeRule({ rule, alerting, health, lastError, durationMs, evaluatedAtMs }: RuleStatus, hidesAlerts: boolean): object {
  const status = { health, ...(lastError === '' ? {} : { lastError }), evaluationTime: durationMs / 1000, lastEvaluation: formatTime(evaluatedAtMs), type: rule.kind };
  if (rule.kind === 'recording') return { name: rule.name, query: rule.expr, labels: rule.labels, ...status };
  return {
    state: alerting?.state ?? 'inactive', name: rule.name, query: rule.expr, duration: rule.forMs / 1000, keepFiringFor: rule.keepFiringForMs / 1000,
    labels: rule.labels, annotations: rule.annotations, alerts: hidesAlerts ? [] : (alerting?.active() ?? []).map(describeAlert), ...status,
  };
}

function describeAlert({ labels, annotations, state, value, activeAtMs, keepFiringSinceMs }: ActiveAlert): object {
  return {
    labels: labelsToRecord(labels), annotations, state, activeAt: formatTime(activeAtMs),
    ...(keepFiringSinceMs === undefined ? {} : { keepFiringSince: formatTime(keepFiringSinceMs) }),
    value: Number.isFinite(value) ? value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2') : formatGoFloat(value, 'g'),
  };
}

function formatTime(timeMs: number | undefined): string {
  return timeMs === undefined ? '0001-01-01T00:00:00Z' : new Date(timeMs).toISOString();
}
