import type { Recipe, Recogniser } from '../recipe.ts';
import { classifyStatus, type StatusRules } from './status-class.ts';

const status: StatusRules = { labels: ['status', 'success'], failsFrom: 400 };
const service = { kind: 'service', system: 'mcp', name: ['job'] } as const;

/** MCP servers, by their tool executions or by OpenTelemetry's duration of server operations. */
export const mcp: Recogniser = {
  system: 'mcp',
  recognise: (names) => {
    const recipes: Recipe[] = [];
    if (names.has('mcp_tool_executions_total')) {
      recipes.push({
        ...service,
        requests: { metric: 'mcp_tool_executions_total', outcome: { labels: status.labels, classify: (labels) => classifyStatus(labels, status) } },
        latency: { metric: 'mcp_agent_task_duration_seconds', secondsPerUnit: 1 },
      });
    }
    const duration = 'mcp_server_operation_duration_seconds';
    if (names.has(`${duration}_count`)) {
      recipes.push({
        ...service,
        requests: { metric: `${duration}_count` },
        failures: { metric: `${duration}_count`, matchers: ['error_type!=""'], reasonLabels: ['error_type'] },
        latency: { metric: duration, secondsPerUnit: 1 },
      });
    }
    return recipes;
  },
};
