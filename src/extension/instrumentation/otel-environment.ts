/** Environment variables by name. A name that is there with `undefined` or null counts as not set. */
export type Environment = Readonly<Record<string, string | null | undefined>>;

/** What a program that is started from a workspace folder should know about the collector. */
export interface OtelFacts {
  /** `host:port` of the OTLP receiver over HTTP. */
  readonly endpoint: string;
  /** The folder the program belongs to, where there is one. */
  readonly folder?: { readonly path: string; readonly serviceName: string } | undefined;
}

/** The resource attribute that carries the folder's path; it also marks an environment as ours. */
const FOLDER_ATTRIBUTE = 'vscode.workspace.folder';

/**
 * The `OTEL_*` variables to add to `existing`. What the user has set stays: nothing at all is added when they send their
 * telemetry elsewhere, a service name of theirs is kept, and attributes are joined.
 * Variables of a Sightline terminal that the editor was started from do not count as the user's.
 */
export function otelVariables(facts: OtelFacts, existing: Environment): Readonly<Record<string, string>> {
  if (foreignEndpoint(existing) !== undefined) return {};
  return { ...exporterVariables(facts, existing), ...(facts.folder ? folderVariables(facts.folder, existing) : {}) };
}

/** The part of {@link otelVariables} that is the same for all folders. */
export function exporterVariables({ endpoint }: Pick<OtelFacts, 'endpoint'>, existing: Environment): Readonly<Record<string, string>> {
  if (foreignEndpoint(existing) !== undefined) return {};
  const protocol = usersOwn(existing, 'OTEL_EXPORTER_OTLP_PROTOCOL');
  return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://${endpoint}`, ...(protocol === undefined ? { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' } : {}) };
}

/** The part of {@link otelVariables} that differs by folder. */
export function folderVariables(folder: NonNullable<OtelFacts['folder']>, existing: Environment): Readonly<Record<string, string>> {
  if (foreignEndpoint(existing) !== undefined) return {};
  const attributes = usersOwn(existing, 'OTEL_RESOURCE_ATTRIBUTES');
  const isNamed = usersOwn(existing, 'OTEL_SERVICE_NAME') !== undefined || /(?:^|,)\s*service\.name\s*=/.test(attributes ?? '');
  const own = `${FOLDER_ATTRIBUTE}=${encodeBaggage(folder.path)}`;
  return { ...(isNamed ? {} : { OTEL_SERVICE_NAME: folder.serviceName }), OTEL_RESOURCE_ATTRIBUTES: attributes === undefined ? own : `${attributes},${own}` };
}

/** Where the user has decided to send telemetry, or undefined. */
export const foreignEndpoint = (existing: Environment): string | undefined => usersOwn(existing, 'OTEL_EXPORTER_OTLP_ENDPOINT');

/** A variable that the user has set, not an editor window that this one was started from. */
function usersOwn(existing: Environment, name: string): string | undefined {
  const value = existing[name] ?? '';
  const isOurs = (existing['OTEL_RESOURCE_ATTRIBUTES'] ?? '').includes(`${FOLDER_ATTRIBUTE}=`);
  return value === '' || isOurs ? undefined : value;
}

/** Percent-encodes what a W3C baggage value may not hold; slashes stay, for people read it. */
const encodeBaggage = (text: string): string => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%3A', ':');

/** `NODE_OPTIONS` to load `file` before the program, in Node's quoting. */
export const requireOption = (file: string): string => `--require ${/[\s"\\]/.test(file) ? `"${file.replaceAll(/["\\]/g, '\\$&')}"` : file}`;
