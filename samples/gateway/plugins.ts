import { trace } from '@opentelemetry/api';
import { codeLocation } from '../shared/code-location.ts';

const PLUGINS = ['telemetry', 'logging', 'governance', 'compat', 'json_parser', 'routing', 'semantic_cache', 'pii_guard', 'mocker', 'prompts', 'otel', 'audit'];
const tracer = trace.getTracer('bifrost.plugins');
const attributes = codeLocation('runPlugins');

/** Runs one side of every plugin. Each is a span of its own, as in Bifrost: most of a trace's spans are these. */
export function runPlugins(hook: 'pre_hook' | 'post_hook'): void {
  const order = hook === 'pre_hook' ? PLUGINS : PLUGINS.toReversed();
  for (const plugin of order) {
    const span = tracer.startSpan(`plugin.${plugin}.${hook}`, { attributes: { ...attributes, 'bifrost.plugin.name': plugin, 'bifrost.plugin.hook': hook } });
    span.end();
  }
}
