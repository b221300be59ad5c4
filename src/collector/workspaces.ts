import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ConfigProblem, RegisterResult, WorkspaceRegistration } from '../protocol/rpc.ts';
import { readPrometheusConfig } from '../receive/scrape/read-prometheus-config.ts';
import type { ScrapeConfig } from '../receive/scrape/scrape-config.ts';
import type { Log } from './log.ts';
import type { RuleSource } from './rules/rule-manager.ts';

/** The configuration files that are looked for in each workspace folder, in this order; the first one found is taken. */
const CONFIG_NAMES = ['prometheus.yml', 'prometheus.yaml'];

/** The scrape configurations of one file. */
export interface ScrapeSource {
  /** The file's absolute path. */
  readonly file: string;
  readonly configs: readonly ScrapeConfig[];
  /** Undefined when the file could not be read. */
  readonly rules?: RuleSource;
}

/** What takes the scrape configurations that are in force: all of them, each time. Gives the number of targets. */
export interface ScrapeSink {
  apply(sources: readonly ScrapeSource[]): Promise<number>;
}

interface Reading {
  readonly source: ScrapeSource;
  readonly problems: readonly ConfigProblem[];
}

/** The lease of a file that was named on the command line. */
const OWN_LEASE = '';

/**
 * What the windows have registered, each under its own lease, and the union of it in force.
 * Invariant: of an untrusted workspace no file is read.
 */
export class Workspaces {
  readonly #sink: ScrapeSink;
  readonly #log: Log;
  readonly #leases = new Map<string, readonly Reading[]>();
  /** One change after the other, so that an older reading never replaces a newer one. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(sink: ScrapeSink, log: Log) {
    this.#sink = sink;
    this.#log = log;
  }

  /** Replaces what a window has registered; reads its files anew. */
  register(windowId: string, { folders, isTrusted }: WorkspaceRegistration): Promise<RegisterResult> {
    return this.#enqueue(async () => {
      const readings: Reading[] = [];
      for (const { path } of isTrusted ? folders : []) {
        const reading = await readFirst(CONFIG_NAMES.map((name) => join(path, name)));
        if (reading) readings.push(reading);
      }
      this.#leases.set(windowId, readings);
      return this.#apply(readings);
    });
  }

  /** Registers a file for as long as the collector runs. Rejects when it cannot be read. */
  registerFile(file: string): Promise<RegisterResult> {
    return this.#enqueue(async () => {
      const path = resolve(file);
      const reading = await readFirst([path]);
      if (!reading) throw new Error(`cannot read ${path}: no such file`);
      for (const { severity, message, startLine } of reading.problems) this.#log[severity === 'error' ? 'error' : 'warn'](message, { file: path, line: startLine + 1 });
      this.#leases.set(OWN_LEASE, [reading]);
      return this.#apply([reading]);
    });
  }

  /** Forgets what a window has registered. */
  release(windowId: string): void {
    void this.#enqueue(async () => {
      if (this.#leases.delete(windowId)) await this.#apply([]);
    });
  }

  #enqueue<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #apply(readings: readonly Reading[]): Promise<RegisterResult> {
    // Two windows on one folder mean one scrape of it.
    const byFile = new Map<string, ScrapeSource>();
    for (const { source } of [...this.#leases.values()].flat()) byFile.set(source.file, source);
    const targets = await this.#sink.apply([...byFile.values()]);
    return { problems: readings.flatMap(({ problems }) => problems), targets, files: readings.map(({ source }) => source.file) };
  }
}

async function readFirst(files: readonly string[]): Promise<Reading | undefined> {
  for (const file of files) {
    let text: string;
    try {
      text = await readConfigFile(file);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') continue;
      const message = `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      return { source: { file, configs: [] }, problems: [{ file, severity: 'error', message, startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 }] };
    }
    const { config, problems } = readPrometheusConfig(text, dirname(file));
    // Prometheus would refuse a file with errors as a whole; the sound jobs of it are still worth seeing while it is being written.
    const { ruleFiles, evaluationIntervalMs, ruleQueryOffsetMs, externalLabels } = config;
    const rules: RuleSource = { ruleFiles, evaluationIntervalMs, queryOffsetMs: ruleQueryOffsetMs, externalLabels };
    return { source: { file, configs: config.scrapeConfigs, rules }, problems: problems.map((problem) => ({ file, ...problem })) };
  }
  return undefined;
}

/** Larger than any configuration; a pipe or device is no file at all and would be waited for without end. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

async function readConfigFile(file: string): Promise<string> {
  const facts = await stat(file);
  if (!facts.isFile()) throw new Error('it is not a regular file');
  if (facts.size > MAX_CONFIG_BYTES) throw new Error(`it has ${facts.size} bytes, and a configuration may have ${MAX_CONFIG_BYTES}`);
  return readFile(file, 'utf8');
}
