import { becomeLean } from './become-lean.ts';
import { EXIT, type CliIo } from './io.ts';

/** A command: reads its arguments, writes to `io`, gives the exit code. */
type Command = (args: readonly string[], io: CliIo) => Promise<number>;

/** Loaded on demand: `sightline query` must not pay for the collector. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  collect: { summary: 'run the collector until it is stopped', load: loadCollect },
  query: { summary: 'evaluate a PromQL expression on a running collector', load: async () => (await import('./query.ts')).runQuery },
  traces: { summary: 'list the newest traces', load: async () => (await import('./traces.ts')).runTraces },
  trace: { summary: 'print one trace as a tree', load: async () => (await import('./trace.ts')).runTrace },
  logs: { summary: 'print log lines, and follow them', load: async () => (await import('./logs.ts')).runLogs },
  check: { summary: 'check rule files and prometheus.yml', load: async () => (await import('./check.ts')).runCheck },
  test: { summary: 'run unit tests of rules', load: async () => (await import('./test.ts')).runTest },
  watch: { summary: 'show the health of providers as a live table', load: async () => (await import('./watch.ts')).runWatch },
};

async function loadCollect(): Promise<Command> {
  // Before anything large is loaded, because it would be loaded twice.
  becomeLean();
  return (await import('./collect.ts')).runCollect;
}

const USAGE = `sightline: local observability

Usage: sightline COMMAND [options]

${Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join('\n')}

sightline COMMAND --help tells the options of a command.
`;

async function main(args: readonly string[], io: CliIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    (name === undefined ? io.err : io.out)(USAGE);
    return name === undefined ? EXIT.usage : EXIT.good;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    io.err(`sightline: no command ${JSON.stringify(name)}\n\n${USAGE}`);
    return EXIT.usage;
  }
  return (await command.load())(rest, io);
}

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort());

void main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  signal: abort.signal,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`sightline: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.failure;
  },
);
