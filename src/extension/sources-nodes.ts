import type { CollectorStatus, ConfigProblem, PortConflict } from '../protocol/rpc.ts';
import { formatBytes } from './format.ts';
import { stateLook } from './health-state.ts';
import { instrumentationRows, type InstrumentationSummary } from './instrumentation/instrumentation-nodes.ts';
import type { TreeNode } from './tree-node.ts';

/** What the Sources view shows: where to send telemetry, who is told so, which files are read and what is wrong in them, what is stored. */
export interface SourcesInput {
  readonly status: CollectorStatus;
  /** Configuration files of this window's folders that the collector reads. */
  readonly files: readonly string[];
  readonly problems: readonly ConfigProblem[];
  readonly instrumentation: InstrumentationSummary;
  /** A file's path as the user knows it. */
  readonly relativePath: (file: string) => string;
}

/** The rows of the Sources view. */
export function sourcesNodes(input: SourcesInput): readonly TreeNode[] {
  const { status } = input;
  return [
    group('receivers', 'RECEIVERS', receiverRows(status)),
    group('configuration', 'CONFIGURATION', configurationRows(input)),
    group('instrumentation', 'INSTRUMENTATION', instrumentationRows(input.instrumentation)),
    group('storage', 'STORAGE', storageRows(status)),
  ];
}

const RECEIVER_NAMES: Readonly<Record<string, string>> = { 'otlp-http': 'OTLP over HTTP', 'otlp-grpc': 'OTLP over gRPC', api: 'HTTP API' };

/** A taken port as a sentence: which, for what, by whom, and what happens instead. */
export function conflictWords(conflict: PortConflict): string {
  const receiver = RECEIVER_NAMES[conflict.receiver] ?? conflict.receiver;
  const holder = conflict.owner === '' ? 'another program' : conflict.owner;
  const outcome = conflict.used === undefined ? 'This receiver is off' : `Sightline uses ${conflict.used}`;
  return `${conflict.wanted} (${receiver}) is held by ${holder}. ${outcome}.`;
}

function receiverRows(status: CollectorStatus): TreeNode[] {
  const { endpoints, conflicts } = status;
  const rows: [string, string, string | undefined][] = [
    ['otlp-http', 'OTLP over HTTP', endpoints.otlpHttp],
    ['otlp-grpc', 'OTLP over gRPC', endpoints.otlpGrpc],
    ['api', 'Prometheus API', endpoints.api],
  ];
  return rows.flatMap(([id, label, address]) => {
    const conflict = conflicts.find(({ used, receiver }) => (used !== undefined && used === address) || receiver === id);
    const note = conflict ? ` · ${conflict.wanted} is taken${conflict.owner ? ` by ${conflict.owner}` : ''}` : '';
    if (address === undefined && !conflict) return [];
    const description = `${address === undefined ? 'off' : `http://${address}`}${note}`;
    const look = conflict ? { name: stateLook('degraded').icon, colour: stateLook('degraded').colour } : { name: 'plug' };
    return [{ ...row(`receiver/${id}`, label, description, look), ...(address === undefined ? {} : { context: ['endpoint', 'copyable'], copyText: `http://${address}` }) }];
  });
}

function configurationRows({ files, problems, relativePath }: SourcesInput): TreeNode[] {
  const names = [...new Set([...files, ...problems.map(({ file }) => file)])].sort();
  if (names.length === 0) return [row('configuration/none', 'no prometheus.yml in this workspace', undefined, { name: 'info' })];
  return names.map((file) => {
    const own = problems.filter((problem) => problem.file === file);
    const isBroken = own.some(({ severity }) => severity === 'error');
    const look = own.length === 0 ? { name: 'file-code' } : { name: stateLook(isBroken ? 'unhealthy' : 'degraded').icon, colour: stateLook(isBroken ? 'unhealthy' : 'degraded').colour };
    const description = own.length === 0 ? '' : own.length === 1 ? '1 problem' : `${own.length} problems`;
    return {
      ...row(`configuration/${file}`, relativePath(file), description, look),
      copyText: file,
      location: { file, line: own[0]?.startLine ?? 0, column: own[0]?.startColumn ?? 0 },
      children: own.map((problem, index) => ({
        ...row(`configuration/${file}/${index}`, problem.message, `line ${problem.startLine + 1}`, { name: problem.severity }),
        location: { file, line: problem.startLine, column: problem.startColumn },
      })),
      isOpen: true,
    };
  });
}

function storageRows(status: CollectorStatus): TreeNode[] {
  const { storage } = status;
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    row('storage/metrics', 'metrics', `${count(storage.series)} series · ${count(storage.samples)} samples`, { name: 'graph' }),
    row('storage/traces', 'traces', `${count(storage.spans)} spans`, { name: 'list-tree' }),
    row('storage/logs', 'logs', `${count(storage.logRecords)} records`, { name: 'output' }),
    { ...row('storage/disk', 'disk', `${formatBytes(storage.diskBytes)}${status.isDurable ? '' : ' · in memory only'}`, { name: 'database' }), copyText: status.dataDir },
    row('storage/collector', 'collector', `${status.version} · pid ${status.pid} · ${formatBytes(status.rssBytes)} · ${status.windows === 1 ? '1 window' : `${status.windows} windows`}`, { name: 'server-process' }),
  ];
}

const group = (id: string, label: string, children: readonly TreeNode[]): TreeNode => ({ id, label, spoken: label.toLowerCase(), children, isOpen: true, context: ['group'] });

function row(id: string, label: string, description: string | undefined, icon: NonNullable<TreeNode['icon']>): TreeNode {
  const value = description === undefined || description === '' ? '' : description;
  return {
    id,
    label,
    ...(value === '' ? {} : { description: value }),
    icon,
    spoken: value === '' ? label : `${label}, ${value.replaceAll(' · ', ', ')}`,
    children: [],
    context: ['value', 'copyable'],
    copyText: value === '' ? label : `${label}: ${value}`,
  };
}
