import { readArguments, textOption, type OptionValues } from '../base/command-line.ts';
import { parseAgeMs, parseSizeBytes } from '../base/quantity-text.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { currentRuntimeEnvironment, defaultDataDir } from '../protocol/runtime.ts';
import { parseAddress } from './listen.ts';
import { DEFAULT_API, DEFAULT_MEMORY_BYTES, DEFAULT_OTLP_HTTP, DEFAULT_RETENTION_AGE_MS, DEFAULT_RETENTION_BYTES, type CollectorOptions } from './options.ts';
import { workerScriptsBeside } from './worker-scripts.ts';

/** What `sightline collect --help` says. */
export const COLLECT_USAGE = `Usage: sightline collect [options]

  --data-dir DIR            where telemetry is kept (default: the user's data folder)
  --api ADDR                HTTP API (default 127.0.0.1:4390; port 0 takes any free one)
  --otlp-http ADDR|off      OTLP over HTTP (default 127.0.0.1:4318)
  --otlp-grpc ADDR|off      OTLP over gRPC: not supported yet, so only off
  --config FILE             a prometheus.yml to scrape
  --retention-age AGE|off   how long telemetry is kept (default 24h; off: since 1970)
  --retention-bytes SIZE    disk budget (default 2GiB)
  --memory-bytes SIZE       memory budget for chunks and caches (default 256MiB)
  --promql latest|3.5       the language and its annotations: all there is, experimental functions and syntax
                            after 3.5 included (default), or exactly Prometheus 3.5 without feature flags
  --help

The first line on stdout is {"event":"ready", …} with the addresses; the log is JSON lines on stderr.
Addresses that are not loopback are refused: the collector has no passwords.
`;

const OPTIONS = {
  'data-dir': { type: 'string' },
  api: { type: 'string' },
  'otlp-http': { type: 'string' },
  'otlp-grpc': { type: 'string' },
  config: { type: 'string' },
  'retention-age': { type: 'string' },
  'retention-bytes': { type: 'string' },
  'memory-bytes': { type: 'string' },
  linger: { type: 'string' },
  promql: { type: 'string' },
  'experimental-promql': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the arguments of `sightline collect` ask for. */
export type CollectRequest = { readonly kind: 'help' } | { readonly kind: 'collect'; readonly options: CollectorOptions };

/** Reads the arguments of `sightline collect` and of the detached collector; the error is one line. */
export function readCollectRequest(args: readonly string[]): Result<CollectRequest, string> {
  const parsed = readArguments(args, OPTIONS);
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  if (values['help']) return ok({ kind: 'help' });
  if (positionals.length > 0) return fail(`unexpected argument ${positionals[0] ?? ''}`);
  const options = readOptions(values);
  return options.ok ? ok({ kind: 'collect', options: options.value }) : options;
}

function readOptions(values: OptionValues): Result<CollectorOptions, string> {
  const grpc = textOption(values, 'otlp-grpc');
  if (grpc !== undefined && grpc !== 'off') return fail('OTLP over gRPC is not supported yet: use --otlp-grpc off and send OTLP over HTTP');
  const api = readAddress(values, 'api', DEFAULT_API, false);
  if (!api.ok) return api;
  const otlpHttp = readAddress(values, 'otlp-http', DEFAULT_OTLP_HTTP, true);
  if (!otlpHttp.ok) return otlpHttp;
  const age = textOption(values, 'retention-age');
  const retentionAgeMs = age === undefined ? DEFAULT_RETENTION_AGE_MS : age === 'off' ? undefined : parseAgeMs(age);
  if (age !== undefined && age !== 'off' && retentionAgeMs === undefined) return fail(`--retention-age ${age} is not an age such as 24h, nor off`);
  const retentionBytes = readSize(values, 'retention-bytes', DEFAULT_RETENTION_BYTES);
  if (!retentionBytes.ok) return retentionBytes;
  const memoryBytes = readSize(values, 'memory-bytes', DEFAULT_MEMORY_BYTES);
  if (!memoryBytes.ok) return memoryBytes;
  const linger = textOption(values, 'linger');
  const lingerMs = linger === undefined ? undefined : parseAgeMs(linger);
  if (linger !== undefined && lingerMs === undefined) return fail(`--linger ${linger} is not an age such as 5m`);
  const promql = textOption(values, 'promql') ?? 'latest';
  if (promql !== 'latest' && promql !== '3.5') return fail(`--promql ${promql} is neither latest nor 3.5`);
  return ok({
    dataDir: textOption(values, 'data-dir') ?? defaultDataDir(currentRuntimeEnvironment()),
    api: api.value ?? DEFAULT_API,
    otlpHttp: otlpHttp.value,
    retentionAgeMs,
    retentionBytes: retentionBytes.value,
    memoryBytes: memoryBytes.value,
    configFile: textOption(values, 'config'),
    lingerMs,
    experimentalPromql: promql !== '3.5',
    workerScript: workerScriptsBeside(process.argv[1] ?? ''),
  });
}

type Address = CollectorOptions['otlpHttp'];

function readAddress(values: OptionValues, name: string, missing: Address, canBeOff: boolean): Result<Address, string> {
  const text = textOption(values, name);
  if (text === undefined) return ok(missing);
  if (canBeOff && text === 'off') return ok(undefined);
  const address = parseAddress(text);
  if (!address) return fail(`--${name} ${text} is not an address such as 127.0.0.1:4390`);
  const isLoopback = address.host === 'localhost' || address.host === '::1' || /^127(\.\d{1,3}){3}$/.test(address.host);
  return isLoopback ? ok(address) : fail(`--${name} ${text} is not a loopback address: the collector has no passwords, so it listens on this machine only`);
}

function readSize(values: OptionValues, name: string, missing: number): Result<number, string> {
  const text = textOption(values, name);
  const size = text === undefined ? missing : parseSizeBytes(text);
  return size === undefined ? fail(`--${name} ${text ?? ''} is not a size such as 2GiB`) : ok(size);
}
