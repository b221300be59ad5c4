import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PORTS, type DemoPorts } from './ports.ts';

/** A folder to open in the editor; `remove` deletes it when it is a copy of ours. */
export interface DemoWorkspace {
  readonly dir: string;
  remove(): void;
}

/** The demo's workspace for these ports: the original when they are the default ones, else a copy under the temporary folder. */
export function workspaceFor(originalDir: string, ports: DemoPorts): DemoWorkspace {
  const changes = (['gateway', 'cache', 'upstreams', 'inspector'] as const)
    .filter((name) => ports[name] !== DEFAULT_PORTS[name])
    .map((name): [RegExp, string] => [new RegExp(`(?<!\\d)${DEFAULT_PORTS[name]}(?!\\d)`, 'g'), String(ports[name])]);
  if (changes.length === 0) return { dir: originalDir, remove: () => undefined };
  const dir = mkdtempSync(join(tmpdir(), 'sightline-demo-'));
  cpSync(originalDir, dir, { recursive: true });
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, changes.reduce((result, [pattern, port]) => result.replace(pattern, port), text));
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
