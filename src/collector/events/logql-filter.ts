import type { LogQuery } from '../../logql/ast.ts';
import { createPipeline, type Pipeline } from '../../logql/pipeline.ts';
import { pushdownOf } from '../../logql/pushdown.ts';
import { LOG_LEVELS } from '../../store/events/encoding/log-level.ts';
import type { LogFilter } from '../../store/events/query/query-types.ts';
import { UNKNOWN_SERVICE } from './json-telemetry.ts';
import { logEntryOf } from './logql-entry.ts';

/** A log query as the store's filter, and its pipeline for the labels of what was found. */
export interface LogqlFilter {
  readonly filter: LogFilter;
  readonly pipeline: Pipeline;
}

/** Makes the store do what it can of a log query; the pipeline judges the rest, on records that the store let pass. */
export function logqlFilterOf(query: LogQuery): LogqlFilter {
  const { services, levels, lines, isExact } = pushdownOf(query);
  const pipeline = createPipeline(query);
  const known = levels && LOG_LEVELS.filter((level) => levels.includes(level));
  // A level that does not exist selects nothing; an empty list would select everything.
  const isImpossible = known?.length === 0;
  const filter: LogFilter = { services: services?.includes(UNKNOWN_SERVICE) === true ? [...services, ''] : services, levels: isImpossible ? undefined : known, lines };
  return { filter: isExact && !isImpossible ? filter : { ...filter, where: (record) => pipeline(logEntryOf(record)) !== undefined }, pipeline };
}
