import * as v from 'valibot';
import { readArguments, textOption } from '../base/command-line.ts';
import { parseGoDurationNano } from '../base/go-duration.ts';
import { parseAgeMs } from '../base/quantity-text.ts';
import type { Result } from '../base/result.ts';
import { askCollector, DEFAULT_URL } from './collector-api.ts';
import { EXIT, type CliIo } from './io.ts';

const USAGE = `Usage: sightline logs [options] [LOGQL]

  LOGQL                a log query such as '{service_name="api"} |= "failed"' (default: everything)
  --since D            from this long ago (default 1h)
  --follow, -f         go on with what comes, until Ctrl-C
  --limit N            at most this many lines at the start, the newest (default 100)
  --json               print each line as JSON, with its labels
  --url URL            the collector's API (default ${DEFAULT_URL})
`;

const OPTIONS = {
  since: { type: 'string' },
  follow: { type: 'boolean', short: 'f' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  url: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const POLL_MS = 1000;
const POLL_LIMIT = '5000';

/** Lines may come this much later than their time says; what was shown before is left out by its time and content. */
const LATE_NANO = 10_000_000_000n;

const Streams = v.object({
  data: v.object({
    resultType: v.literal('streams'),
    result: v.array(v.object({ stream: v.record(v.string(), v.string()), values: v.array(v.tuple([v.string(), v.string()])) })),
  }),
});

interface Line {
  readonly timeUnixNano: bigint;
  readonly line: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** `sightline logs`: prints log lines, oldest first, and follows them. */
export async function runLogs(args: readonly string[], io: CliIo): Promise<number> {
  const parsed = readArguments(args, OPTIONS);
  if (!parsed.ok) return usage(io, parsed.error);
  const { values, positionals } = parsed.value;
  if (values['help']) {
    io.out(USAGE);
    return EXIT.good;
  }
  if (positionals.length > 1) return usage(io, 'give one query (in quotes)');
  const limit = textOption(values, 'limit') ?? '100';
  if (!/^\d{1,5}$/.test(limit) || Number(limit) === 0) return usage(io, '--limit takes a number from 1 to 99999');
  const since = textOption(values, 'since') ?? '1h';
  const sinceMs = parseAgeMs(since) ?? (parseGoDurationNano(since) ?? NaN) / 1e6;
  if (!(sinceMs > 0)) return usage(io, `--since takes a duration such as 15m, not ${JSON.stringify(since)}`);

  const base = textOption(values, 'url') ?? DEFAULT_URL;
  const read = (from: bigint, most: string): Promise<Result<readonly Line[], string>> => readLines(base, positionals[0] ?? '{}', from, most, io.signal);
  const print = ({ timeUnixNano, line, labels }: Line): void => {
    const time = new Date(Number(timeUnixNano / 1_000_000n)).toISOString();
    io.out(values['json'] ? `${JSON.stringify({ time, timeUnixNano: timeUnixNano.toString(), line, labels })}\n` : `${time} ${(labels['level'] ?? '').padEnd(7)} ${labels['service_name'] ?? ''}: ${line}\n`);
  };
  let from = BigInt(Math.floor(Date.now() - sinceMs)) * 1_000_000n;
  const first = await read(from, limit);
  if (!first.ok) return failure(io, first.error);
  first.value.forEach(print);
  if (!values['follow']) return EXIT.good;

  let shown = new Set(first.value.map(keyOf));
  const isStopped = (): boolean => io.signal.aborted;
  for (;;) {
    await pause(POLL_MS, io.signal);
    if (isStopped()) return EXIT.good;
    const late = BigInt(Date.now()) * 1_000_000n - LATE_NANO;
    if (late > from) from = late;
    const next = await read(from, POLL_LIMIT);
    if (!next.ok) return isStopped() ? EXIT.good : failure(io, next.error);
    next.value.filter((line) => !shown.has(keyOf(line))).forEach(print);
    shown = new Set(next.value.map(keyOf));
  }
}

async function readLines(base: string, query: string, from: bigint, limit: string, signal: AbortSignal): Promise<Result<readonly Line[], string>> {
  // A minute into the future: clocks differ.
  const end = BigInt(Date.now() + 60_000) * 1_000_000n;
  const params = new URLSearchParams({ query, start: from.toString(), end: end.toString(), limit });
  const answer = await askCollector(base, '/loki/api/v1/query_range', params, Streams, signal);
  if (!answer.ok) return answer;
  const lines = answer.value.data.result.flatMap(({ stream, values }) => values.map(([time, line]): Line => ({ timeUnixNano: BigInt(time), line, labels: stream })));
  return { ok: true, value: lines.sort((a, b) => (a.timeUnixNano < b.timeUnixNano ? -1 : a.timeUnixNano > b.timeUnixNano ? 1 : 0)) };
}

const keyOf = ({ timeUnixNano, line, labels }: Line): string => JSON.stringify([timeUnixNano.toString(), line, labels]);

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

function usage(io: CliIo, problem: string): number {
  io.err(`sightline logs: ${problem}\n\n${USAGE}`);
  return EXIT.usage;
}

function failure(io: CliIo, problem: string): number {
  io.err(`sightline logs: ${problem}\n`);
  return EXIT.failure;
}
