import axios from 'axios';
import { readArguments, textOption } from '../base/command-line.ts';
import { EXIT, type CliIo } from './io.ts';
import { renderQueryResult } from './query-output.ts';

const USAGE = `Usage: sightline query [options] EXPR

  --url URL                 the collector's or any Prometheus-compatible API (default http://127.0.0.1:4390)
  --time T                  evaluate at T (RFC 3339 or Unix seconds; default now)
  --start T --end T --step D  evaluate over a range
  --json                    print the API's JSON
  --explain                 print the plan with series, samples and time of each part
`;

const OPTIONS = {
  url: { type: 'string' },
  time: { type: 'string' },
  start: { type: 'string' },
  end: { type: 'string' },
  step: { type: 'string' },
  json: { type: 'boolean' },
  explain: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `sightline query`: evaluates a PromQL expression, as `promtool query` does. */
export async function runQuery(args: readonly string[], io: CliIo): Promise<number> {
  const parsed = readArguments(args, OPTIONS);
  if (!parsed.ok) return usage(io, parsed.error);
  const { values, positionals } = parsed.value;
  if (values['help']) {
    io.out(USAGE);
    return EXIT.good;
  }
  const [query, ...more] = positionals;
  if (query === undefined || more.length > 0) return usage(io, 'give one expression (in quotes)');
  const isRange = ['start', 'end', 'step'].some((name) => values[name] !== undefined);
  if (isRange && values['time'] !== undefined) return usage(io, '--time does not go with --start, --end and --step');
  const params = new URLSearchParams({ query });
  for (const name of isRange ? ['start', 'end', 'step'] : ['time']) {
    const value = textOption(values, name);
    if (value !== undefined) params.set(name, value);
    else if (isRange) return usage(io, `--${name} is missing`);
  }
  if (values['explain']) params.set('explain', 'true');
  const base = textOption(values, 'url') ?? 'http://127.0.0.1:4390';
  const url = `${base.replace(/\/$/, '')}/api/v1/${isRange ? 'query_range' : 'query'}`;
  let text: string;
  try {
    const response = await axios.post<string>(url, params.toString(), { responseType: 'text', transformResponse: (data: string) => data, validateStatus: () => true, signal: io.signal, proxy: false });
    text = response.data;
  } catch (error) {
    io.err(`sightline query: no answer from ${base}: ${error instanceof Error ? error.message || String(error) : String(error)}\nIs the collector running? \`sightline collect\` starts one.\n`);
    return EXIT.failure;
  }
  if (values['json']) {
    io.out(`${text}\n`);
    return text.includes('"status":"success"') ? EXIT.good : EXIT.failure;
  }
  const rendered = renderQueryResult(text);
  for (const warning of rendered.warnings) io.err(`${warning}\n`);
  (rendered.ok ? io.out : io.err)(`${rendered.text}\n`);
  return rendered.ok ? EXIT.good : EXIT.failure;
}

function usage(io: CliIo, problem: string): number {
  io.err(`sightline query: ${problem}\n\n${USAGE}`);
  return EXIT.usage;
}
