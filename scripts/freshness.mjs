// Tells whether dist/ has to be built again. Plain JavaScript that runs on Node 20.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';

const PRODUCTS = ['extension.js', 'collector.js', 'metrics-worker.js', 'events-worker.js', 'cli.js', 'demo.js'];
const SOURCES = ['src', 'webview', 'samples', 'package.json', 'package-lock.json', 'scripts/build.mjs'];

/** Whether a bundle is missing or a source is newer than the oldest of them. */
export function isBuildStale() {
  const products = PRODUCTS.map((name) => join(root, 'dist', name));
  if (!products.every((path) => existsSync(path))) return true;
  const builtAtMs = Math.min(...products.map(modifiedMs));
  return SOURCES.some((name) => newestMs(join(root, name)) > builtAtMs);
}

/** The newest modification below `path`, folders included: their own time tells of removals. */
function newestMs(path) {
  const own = modifiedMs(path);
  if (!statSync(path).isDirectory()) return own;
  return readdirSync(path, { recursive: true }).reduce((newest, name) => Math.max(newest, modifiedMs(join(path, name))), own);
}

const modifiedMs = (path) => statSync(path).mtimeMs;
