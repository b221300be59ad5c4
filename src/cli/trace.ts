import { readArguments, textOption } from '../base/command-line.ts';
import { askCollector, DEFAULT_URL } from './collector-api.ts';
import { EXIT, type CliIo } from './io.ts';
import { JaegerTraces } from './jaeger-answer.ts';
import { renderTraceTree } from './trace-output.ts';

const USAGE = `Usage: sightline trace [options] ID

  --json               print the trace as Jaeger's JSON
  --url URL            the collector's API (default ${DEFAULT_URL})
`;

const OPTIONS = { json: { type: 'boolean' }, url: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** `sightline trace`: prints a trace as a tree. */
export async function runTrace(args: readonly string[], io: CliIo): Promise<number> {
  const parsed = readArguments(args, OPTIONS);
  const problem = parsed.ok ? (parsed.value.positionals.length === 1 || parsed.value.values['help'] ? undefined : 'give one trace id') : parsed.error;
  if (!parsed.ok || problem !== undefined) {
    io.err(`sightline trace: ${problem ?? ''}\n\n${USAGE}`);
    return EXIT.usage;
  }
  const { values, positionals } = parsed.value;
  if (values['help']) {
    io.out(USAGE);
    return EXIT.good;
  }
  const base = textOption(values, 'url') ?? DEFAULT_URL;
  const answer = await askCollector(base, `/api/traces/${encodeURIComponent(positionals[0]!)}`, new URLSearchParams(), JaegerTraces, io.signal);
  if (!answer.ok) {
    io.err(`sightline trace: ${answer.error}\n`);
    return EXIT.failure;
  }
  for (const trace of answer.value.data) io.out(values['json'] ? `${JSON.stringify(trace, undefined, 2)}\n` : `${renderTraceTree(trace)}\n`);
  return EXIT.good;
}
