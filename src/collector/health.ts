import { createHealthEvaluator } from '../health/evaluator.ts';
import type { TargetHealth } from '../model/health.ts';
import { HealthLoop } from './health-loop.ts';
import type { Log } from './log.ts';
import type { Workers } from './workers.ts';

/** The health of everything, judged from what the metrics worker holds and the scraper sees. */
export function startHealth(workers: Workers, targets: () => readonly TargetHealth[], log: Log): HealthLoop {
  const evaluator = createHealthEvaluator({
    query: (expr, timeMs) => workers.metrics.call('instant', { expr, timeMs }),
    queryRange: (expr, startMs, endMs, stepMs) => workers.metrics.call('range', { expr, startMs, endMs, stepMs }),
    metricNames: () => workers.metricsPush.call('metricNames', {}),
    targets,
  });
  return new HealthLoop((nowMs) => evaluator.evaluate(nowMs), log);
}
