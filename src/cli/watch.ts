import axios from 'axios';
import { readArguments, textOption } from '../base/command-line.ts';
import { parseAgeMs } from '../base/quantity-text.ts';
import type { HealthSnapshot } from '../model/health.ts';
import { HealthSummary } from './health-summary.ts';
import { EXIT, type CliIo } from './io.ts';
import { renderTable, rowsOf } from './live-table.ts';

const USAGE = `Usage: sightline watch [options]

  --api URL                 the collector's API (default http://127.0.0.1:4390)
  --for TIME                end after this long (20s, 2m; default: until Ctrl-C)

Shows the providers as a table that is refreshed in place, or every 5 s in lines when the output is no terminal; at the end
a summary of the run. Exits with 1 when no provider was seen.
`;

const OPTIONS = { api: { type: 'string' }, for: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

const POLL_MS = 1000;
const LINES_EVERY_MS = 5000;
/** A collector that is being restarted is worth waiting for; one that is gone is not. */
const GIVE_UP_MS = 15_000;

/** `sightline watch`: the health of the providers in the terminal. */
export async function runWatch(args: readonly string[], io: CliIo): Promise<number> {
  const parsed = readArguments(args, OPTIONS);
  if (!parsed.ok) return usage(io, parsed.error);
  const { values, positionals } = parsed.value;
  if (values['help']) {
    io.out(USAGE);
    return EXIT.good;
  }
  if (positionals.length > 0) return usage(io, `unexpected argument ${positionals[0] ?? ''}`);
  const duration = textOption(values, 'for');
  const durationMs = duration === undefined ? Infinity : parseAgeMs(duration);
  if (durationMs === undefined) return usage(io, `--for ${duration ?? ''} is not a time such as 20s`);
  const api = (textOption(values, 'api') ?? 'http://127.0.0.1:4390').replace(/\/$/, '');
  return watch(api, durationMs, io);
}

async function watch(api: string, durationMs: number, io: CliIo): Promise<number> {
  const startMs = Date.now();
  const summary = new HealthSummary();
  const screen = createScreen(io);
  let lastAnswerMs = startMs;
  let problem = '';
  let notes: readonly string[] = [];
  let printedMs = -Infinity;
  while (!io.signal.aborted && Date.now() - startMs < durationMs) {
    const answer = await readHealth(api, io.signal);
    const nowMs = Date.now();
    if (typeof answer === 'string') {
      problem = answer;
      if (nowMs - lastAnswerMs > GIVE_UP_MS) break;
    } else {
      lastAnswerMs = nowMs;
      problem = '';
      notes = answer.notes ?? [];
      summary.add(answer);
      const hasRows = answer.providers.length > 0;
      if (screen.isLive || (hasRows && nowMs - printedMs >= LINES_EVERY_MS)) {
        printedMs = nowMs;
        screen.show(`${new Date(answer.atMs).toLocaleTimeString()}  ${api}`, hasRows ? renderTable(rowsOf(answer), io.columns) : ['Waiting for the first provider …']);
      }
    }
    await pause(Math.min(POLL_MS, startMs + durationMs - nowMs), io.signal);
  }
  screen.end();
  const rows = summary.rows();
  if (rows.length === 0) {
    const remedy =
      problem === ''
        ? ['Is anything scraped or sent that has provider metrics? See GET /api/v1/targets.', ...notes].join('\n')
        : `${problem}\nIs the collector running? \`sightline collect\` starts one.`;
    io.err(`sightline watch: no provider was seen. ${remedy}\n`);
    return EXIT.failure;
  }
  io.out(`\nSummary of ${Math.round((Date.now() - startMs) / 1000)} s\n${renderTable(rows, io.columns).join('\n')}\n`);
  if (problem === '' || io.signal.aborted) return EXIT.good;
  io.err(`sightline watch: ${problem}\n`);
  return EXIT.failure;
}

/** Where tables go: in place on a terminal, one after the other elsewhere. */
function createScreen(io: CliIo): { readonly isLive: boolean; readonly show: (title: string, lines: readonly string[]) => void; readonly end: () => void } {
  const isLive = io.columns !== undefined;
  let height = 0;
  return {
    isLive,
    show: (title, lines) => {
      // Cursor up to where the last table began, then clear to the end of the screen.
      if (isLive && height > 0) io.out(`\u001b[${height}A\u001b[0J`);
      io.out(`${title.slice(0, io.columns)}\n${lines.join('\n')}\n${isLive ? '' : '\n'}`);
      height = lines.length + 1;
    },
    end: () => {
      if (isLive && height > 0) io.out(`\u001b[${height}A\u001b[0J`);
    },
  };
}

/** The snapshot, or why there is none. */
async function readHealth(api: string, signal: AbortSignal): Promise<HealthSnapshot | string> {
  try {
    const response = await axios.get<unknown>(`${api}/api/v1/sightline/health`, { signal, proxy: false, timeout: 5000, validateStatus: () => true });
    if (response.status !== 200) return `${api} answers ${response.status}.`;
    return isHealthSnapshot(response.data) ? response.data : `${api} is not a Sightline collector.`;
  } catch (error) {
    return `No answer from ${api}: ${error instanceof Error ? error.message || error.name : String(error)}.`;
  }
}

/** Checks what the table reads; the rest is the collector's word. */
function isHealthSnapshot(value: unknown): value is HealthSnapshot {
  if (typeof value !== 'object' || value === null || !('atMs' in value) || !('providers' in value)) return false;
  const { atMs, providers } = value;
  return typeof atMs === 'number' && Array.isArray(providers) && providers.every(isProvider);
}

function isProvider(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (!('id' in value && 'name' in value && 'state' in value && 'latency' in value && 'reasons' in value)) return false;
  return typeof value.name === 'string' && typeof value.latency === 'object' && Array.isArray(value.reasons);
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || durationMs <= 0) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal.addEventListener('abort', done, { once: true });
  });
}

function usage(io: CliIo, problem: string): number {
  io.err(`sightline watch: ${problem}\n\n${USAGE}`);
  return EXIT.usage;
}
