import { ByteText } from '../promql/byte-text.ts';
import { estimateBytes, writeQueryData } from '../promql/result-json.ts';
import type { ExplainedNode, QueryResult, QueryStats, QueryValue } from '../promql/result.ts';
import type { ApiAnswer, QueryOptions } from './metrics-calls.ts';

/** The HTTP status of each error type, as upstream's API has it. */
const STATUS = { bad_data: 400, execution: 422, timeout: 503, canceled: 499, internal: 500 } as const;

/** The first step of a query and the distance of the others, ms. */
interface QueryTimes {
  readonly startMs: number;
  readonly stepMs: number;
}

/** An answer whose bytes lie in memory that nothing else uses, so that it can be handed to another thread. */
export interface OwnedAnswer extends ApiAnswer {
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * A query's outcome as the answer of the Prometheus API; `explain` is our own addition: the plan as lines of text.
 */
export function encodeQueryResponse(result: QueryResult, { limit, stats, explain }: Pick<QueryOptions, 'limit' | 'stats' | 'explain'>, times: QueryTimes): OwnedAnswer {
  if (!result.ok) {
    const { errorType, message } = result;
    const error = errorType === 'bad_data' ? `invalid parameter "query": ${message}` : message;
    // Not a Buffer: those share memory.
    return { status: STATUS[errorType], body: new TextEncoder().encode(JSON.stringify({ status: 'error', errorType, error })) };
  }
  const { value, isTruncated } = limited(result.value, limit);
  const cost = stats === '' ? '' : `,"stats":${JSON.stringify(costOf(result.stats, times))}`;
  const plan = explain && result.stats.plan ? `,"explain":${JSON.stringify(planLines(result.stats.plan))}` : '';
  const warnings = isTruncated ? [...result.warnings, 'results truncated due to limit'] : result.warnings;
  const notes = `${warnings.length > 0 ? `,"warnings":${JSON.stringify(warnings)}` : ''}${result.infos.length > 0 ? `,"infos":${JSON.stringify(result.infos)}` : ''}`;
  const out = new ByteText(estimateBytes(value));
  out.ascii('{"status":"success","data":');
  // Stats stand inside of `data`, before its closing brace.
  writeQueryData(out, value, () => out.text(`${cost}${plan}`));
  out.text(`${notes}}`);
  return { status: 200, body: out.view() };
}

function limited(value: QueryValue, limit: number): { readonly value: QueryValue; readonly isTruncated: boolean } {
  if (limit <= 0) return { value, isTruncated: false };
  if (value.type === 'vector' && value.samples.length > limit) return { value: { ...value, samples: value.samples.slice(0, limit) }, isTruncated: true };
  if (value.type === 'matrix' && value.series.length > limit) return { value: { ...value, series: value.series.slice(0, limit) }, isTruncated: true };
  return { value, isTruncated: false };
}

/** The fields of prometheus/util/stats; what this engine does not tell apart is 0. */
function costOf({ totalSamples, peakSamples, samplesPerStep, evaluationMs }: QueryStats, { startMs, stepMs }: QueryTimes): unknown {
  const perStep = samplesPerStep && Array.from(samplesPerStep, (samples, step) => [(startMs + step * stepMs) / 1000, samples]);
  const seconds = evaluationMs / 1000;
  return {
    timings: { evalTotalTime: seconds, resultSortTime: 0, queryPreparationTime: 0, innerEvalTime: seconds, execQueueTime: 0, execTotalTime: seconds },
    samples: { ...(perStep ? { totalQueryableSamplesPerStep: perStep } : {}), totalQueryableSamples: totalSamples, peakSamples },
  };
}

/** The plan as a tree, one line a node: what it is, then series, samples and time with its inputs. */
function planLines(root: ExplainedNode): string[] {
  const lines: string[] = [];
  const visit = (node: ExplainedNode, prefix: string, branch: string): void => {
    const figures = [`${node.series} series`, `${node.samples} samples`, `${node.timeMs.toFixed(2)} ms`, ...(node.isInvariant ? ['once for all steps'] : [])];
    lines.push(`${prefix}${branch}${node.text}  (${figures.join(', ')})`);
    const below = branch === '' ? '' : branch === '└─ ' ? `${prefix}   ` : `${prefix}│  `;
    node.children.forEach((child, i) => visit(child, below, i === node.children.length - 1 ? '└─ ' : '├─ '));
  };
  visit(root, '', '');
  return lines;
}
