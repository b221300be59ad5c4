import { readArguments, textOption } from '../base/command-line.ts';
import { askCollector, DEFAULT_URL } from './collector-api.ts';
import { EXIT, type CliIo } from './io.ts';
import { JaegerServices, JaegerTraces, type JaegerTrace } from './jaeger-answer.ts';
import { renderTraceLine } from './trace-output.ts';

const USAGE = `Usage: sightline traces [options]

  --service S          of this service only
  --operation O        with a span of this name
  --tag K=V            with a span that has this attribute (may be given again)
  --min-duration D     with a span that took at least this long (250ms, 1.5s)
  --error              with a span that failed
  --limit N            at most this many, the newest (default 20)
  --json               print the traces as Jaeger's JSON
  --url URL            the collector's API (default ${DEFAULT_URL})
`;

const OPTIONS = {
  service: { type: 'string' },
  operation: { type: 'string' },
  tag: { type: 'string', multiple: true },
  'min-duration': { type: 'string' },
  error: { type: 'boolean' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  url: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `sightline traces`: lists the newest traces that meet the options. */
export async function runTraces(args: readonly string[], io: CliIo): Promise<number> {
  const parsed = readArguments(args, OPTIONS);
  if (!parsed.ok) return usage(io, parsed.error);
  const { values, positionals } = parsed.value;
  if (values['help']) {
    io.out(USAGE);
    return EXIT.good;
  }
  if (positionals.length > 0) return usage(io, `unexpected ${JSON.stringify(positionals[0])}`);
  const limitText = textOption(values, 'limit') ?? '20';
  const limit = Number(limitText);
  if (!/^\d{1,4}$/.test(limitText) || limit === 0) return usage(io, '--limit takes a number from 1 to 9999');
  const params = new URLSearchParams({ limit: limitText });
  const tags = values['tag'];
  for (const tag of Array.isArray(tags) ? tags : []) {
    const text = String(tag);
    const equals = text.indexOf('=');
    if (equals < 1) return usage(io, `--tag takes key=value, not ${JSON.stringify(text)}`);
    params.append('tag', `${text.slice(0, equals)}:${text.slice(equals + 1)}`);
  }
  if (values['error']) params.append('tag', 'error:true');
  const operation = textOption(values, 'operation');
  if (operation !== undefined) params.set('operation', operation);
  const minDuration = textOption(values, 'min-duration');
  if (minDuration !== undefined) params.set('minDuration', minDuration);

  const base = textOption(values, 'url') ?? DEFAULT_URL;
  const service = textOption(values, 'service');
  const services = service === undefined ? await askCollector(base, '/api/services', new URLSearchParams(), JaegerServices, io.signal) : { ok: true as const, value: { data: [service] } };
  if (!services.ok) return failure(io, services.error);
  const found = new Map<string, JaegerTrace>();
  // Jaeger's API asks for one service at a time.
  for (const name of services.value.data) {
    params.set('service', name);
    const answer = await askCollector(base, '/api/traces', params, JaegerTraces, io.signal);
    if (!answer.ok) return failure(io, answer.error);
    for (const trace of answer.value.data) found.set(trace.traceID, trace);
  }
  const startOf = ({ spans }: JaegerTrace): number => spans[0]?.startTime ?? 0;
  const traces = [...found.values()].sort((a, b) => startOf(b) - startOf(a)).slice(0, limit);
  if (values['json']) io.out(`${JSON.stringify(traces, undefined, 2)}\n`);
  else for (const trace of traces) io.out(`${renderTraceLine(trace)}\n`);
  return EXIT.good;
}

function usage(io: CliIo, problem: string): number {
  io.err(`sightline traces: ${problem}\n\n${USAGE}`);
  return EXIT.usage;
}

function failure(io: CliIo, problem: string): number {
  io.err(`sightline traces: ${problem}\n`);
  return EXIT.failure;
}
