import { parseEnv } from 'node:util';
import type { Environment } from './otel-environment.ts';

/** How a type of debug session takes environment variables: as an object `env`, or as a list `environment` of name and value. */
export type EnvironmentStyle = 'env' | 'environment';

/** Whose launched program is not the user's: browsers, and VS Code itself. */
const NOT_PROGRAMS = new Set(['chrome', 'msedge', 'editor-browser', 'pwa-chrome', 'pwa-msedge', 'extensionHost', 'pwa-extensionHost']);

/** How debug sessions of `type` take their environment, by what the installed extensions' manifests declare; undefined when they do not. */
export function environmentStyleOf(type: string, manifests: Iterable<unknown>): EnvironmentStyle | undefined {
  if (NOT_PROGRAMS.has(type)) return undefined;
  for (const manifest of manifests) {
    const debuggers = member(member(manifest, 'contributes'), 'debuggers');
    if (!Array.isArray(debuggers)) continue;
    for (const entry of debuggers as readonly unknown[]) {
      if (member(entry, 'type') !== type) continue;
      const properties = member(member(member(entry, 'configurationAttributes'), 'launch'), 'properties');
      if (member(properties, 'env') !== undefined) return 'env';
      if (member(properties, 'environment') !== undefined) return 'environment';
    }
  }
  return undefined;
}

/** The variables that a launch configuration sets itself; `readText` gives an `envFile`'s content, or undefined. Never throws. */
export function configuredEnvironment(configuration: Readonly<Record<string, unknown>>, readText: (file: string) => string | undefined): Environment {
  const { envFile, env, environment } = configuration;
  const files = (Array.isArray(envFile) ? (envFile as readonly unknown[]) : [envFile]).filter((file) => typeof file === 'string');
  const fromFiles = Object.fromEntries(files.flatMap((file) => Object.entries(parseEnv(readText(file) ?? ''))));
  return { ...fromFiles, ...fromList(environment), ...fromObject(env) };
}

/** The configuration with `variables` added. What it has stays as it is. */
export function withEnvironment<T extends Readonly<Record<string, unknown>>>(configuration: T, style: EnvironmentStyle, variables: Readonly<Record<string, string>>): T {
  if (Object.keys(variables).length === 0) return configuration;
  if (style === 'env') return { ...configuration, env: { ...(typeof configuration['env'] === 'object' ? configuration['env'] : {}), ...variables } };
  const added = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const kept = Array.isArray(configuration['environment']) ? (configuration['environment'] as readonly unknown[]).filter((entry) => !Object.hasOwn(variables, String(member(entry, 'name')))) : [];
  return { ...configuration, environment: [...kept, ...added] };
}

function fromObject(value: unknown): Record<string, string | null> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([name, text]) => (typeof text === 'string' || text === null ? [[name, text]] : [])));
}

function fromList(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) return {};
  return Object.fromEntries((value as readonly unknown[]).flatMap((entry) => (typeof member(entry, 'name') === 'string' ? [[String(member(entry, 'name')), String(member(entry, 'value'))]] : [])));
}

const member = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined);
