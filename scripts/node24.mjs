// Where the project's own Node 24 is, and the environment that makes every tool use it.
// Plain JavaScript that runs on Node 20 with nothing installed.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const projectNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The path of a Node 24: the registry package `node` of this project, else the running one when it is new enough. */
export function node24() {
  if (existsSync(projectNode)) return projectNode;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(`Node 24 is not installed here; run "npm ci" in ${root} first`);
}

/** `process.env` with Node 24 and the installed tools first in PATH, and without what npm or VS Code left in it. */
export function toolEnvironment(extra = {}) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^(npm_(?!config_)|VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_V8_COVERAGE$)/.test(name)) delete env[name];
  }
  env.PATH = [dirname(node24()), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...env, ...extra };
}
