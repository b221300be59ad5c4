import type { TreeNode } from '../tree-node.ts';

/** Whether programs of one kind get the collector's address: `endpoint` is `host:port` while they do. */
export type InstrumentationState =
  | { readonly kind: 'on'; readonly endpoint: string }
  | { readonly kind: 'off' }
  /** The user's environment names another endpoint. */
  | { readonly kind: 'elsewhere'; readonly endpoint: string }
  | { readonly kind: 'no collector' }
  | { readonly kind: 'untrusted' };

/** Node programs of one folder. */
export interface NodeFolderState {
  readonly uri: string;
  readonly name: string;
  readonly isOn: boolean;
  readonly isInstalled: boolean;
}

/** All that is instrumented without a change of the user's programs. */
export interface InstrumentationSummary {
  readonly terminals: InstrumentationState;
  readonly debugSessions: InstrumentationState;
  readonly nodeFolders: readonly NodeFolderState[];
}

/** The rows under INSTRUMENTATION; a click switches. */
export function instrumentationRows({ terminals, debugSessions, nodeFolders }: InstrumentationSummary): TreeNode[] {
  return [
    channelRow('terminals', 'Terminals', terminals, 'terminal', 'sightline.toggleTerminalInstrumentation'),
    channelRow('debug', 'Debug sessions', debugSessions, 'debug-alt', 'sightline.toggleDebugInstrumentation'),
    ...nodeFolders.map((folder) => nodeRow(folder, nodeFolders.length > 1)),
  ];
}

function words(state: InstrumentationState): string {
  switch (state.kind) {
    case 'on':
      return `on → ${state.endpoint}`;
    case 'off':
      return 'off';
    case 'elsewhere':
      return `yours → ${state.endpoint}`;
    case 'no collector':
      return 'on, but there is no OTLP receiver';
    case 'untrusted':
      return 'off in a workspace that you do not trust';
  }
}

function channelRow(id: string, label: string, state: InstrumentationState, icon: string, command: string): TreeNode {
  const description = words(state);
  const details: Record<InstrumentationState['kind'], string> = {
    on: 'New ones get `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_PROTOCOL`, `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`. What you have set yourself stays. Click to switch it off.',
    off: 'Click to switch it on: new ones then get the address of the collector in `OTEL_*` variables.',
    elsewhere: '`OTEL_EXPORTER_OTLP_ENDPOINT` is set already, so nothing is added.',
    'no collector': 'Nothing is added until the collector receives OTLP over HTTP.',
    untrusted: 'Trust the workspace to change this.',
  };
  return row(`instrumentation/${id}`, label, description, state.kind === 'on' ? icon : 'circle-slash', details[state.kind], { name: command, title: 'Switch', args: [] });
}

function nodeRow({ uri, name, isOn, isInstalled }: NodeFolderState, isNamed: boolean): TreeNode {
  const description = isOn ? (isInstalled ? 'instrumented' : 'not instrumented: the package is gone') : 'not instrumented';
  const tooltip = isOn && isInstalled ? '`NODE_OPTIONS` of new terminals and debug sessions loads OpenTelemetry first. Click to change.' : 'Click to get traces of Node programs without changing them.';
  return row(`instrumentation/node/${uri}`, isNamed ? `Node programs of ${name}` : 'Node programs', description, isOn && isInstalled ? 'zap' : 'circle-slash', tooltip, { name: 'sightline.instrumentNode', title: 'Instrument Node Programs', args: [uri] });
}

function row(id: string, label: string, description: string, icon: string, tooltip: string, command: NonNullable<TreeNode['command']>): TreeNode {
  return {
    id,
    label,
    description,
    icon: { name: icon },
    spoken: `${label}, ${description}`,
    tooltip: () => tooltip,
    children: [],
    context: ['value', 'copyable'],
    copyText: `${label}: ${description}`,
    command,
  };
}
