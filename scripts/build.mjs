// usage: node scripts/build.mjs [--dev] [--watch] [--quiet]
// Bundles what the extension ships into dist/. Entries whose file does not exist yet are skipped.
// --dev: source maps, no minification. --watch: --dev, and again on each change.
import { context, build } from 'esbuild';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const { values: options } = parseArgs({
  options: { dev: { type: 'boolean' }, watch: { type: 'boolean' }, quiet: { type: 'boolean' } },
});
const isDev = options.dev === true || options.watch === true;
const log = options.quiet === true ? () => {} : (text) => process.stdout.write(`${text}\n`);

const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

/** Node programs: the name in dist/ and where they begin. The workers are separate files because a worker is started by path. */
const nodeEntries = {
  extension: 'src/extension/extension.ts',
  'rule-features': 'src/extension/rules/rule-features.ts',
  collector: 'src/collector/main.ts',
  'metrics-worker': 'src/collector/metrics-worker.ts',
  'events-worker': 'src/collector/events-worker.ts',
  cli: 'src/cli/main.ts',
  demo: 'samples/demo.ts',
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !isDev,
  keepNames: false,
  sourcemap: isDev ? 'linked' : false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { 'process.env.SIGHTLINE_VERSION': JSON.stringify(version) },
};

/** What the extension imports late and is large is a bundle of its own, so that activation does not read it. */
const late = {
  name: 'late',
  setup(plugin) {
    plugin.onResolve({ filter: /\/rule-features\.ts$/ }, ({ kind }) => (kind === 'dynamic-import' ? { path: './rule-features.js', external: true } : undefined));
  },
};

function nodeBuild(name, entry) {
  return {
    ...common,
    // A bundle that is CommonJS loads another by require, which is how `vscode` is found.
    ...(name === 'extension' ? { plugins: [late], supported: { 'dynamic-import': false } } : {}),
    entryPoints: { [name]: entry },
    outdir: dist,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    define: {
      ...common.define,
      // The sources are ES modules, the bundles are not: these three mean the bundle's own place.
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      'import.meta.url': 'importMetaUrl',
    },
    banner: { js: `${name === 'cli' ? '#!/usr/bin/env node\n' : ''}"use strict";const importMetaUrl=require("node:url").pathToFileURL(__filename).href;` },
  };
}

function webviewBuild(names) {
  return {
    ...common,
    entryPoints: Object.fromEntries(names.map((name) => [name, `webview/${name}/main.ts`])),
    outdir: join(dist, 'webview'),
    platform: 'browser',
    target: ['chrome134'],
    format: 'iife',
    loader: { '.ttf': 'file', '.svg': 'text' },
    define: { ...common.define, 'process.env.NODE_ENV': JSON.stringify(isDev ? 'development' : 'production') },
  };
}

function writePackageJson() {
  // The root is "type": "module"; the bundles are CommonJS.
  writeFileSync(join(dist, 'package.json'), '{"type":"commonjs"}\n');
}

function builds() {
  const list = Object.entries(nodeEntries)
    .filter(([, entry]) => existsSync(join(root, entry)))
    .map(([name, entry]) => nodeBuild(name, entry));
  const webviewDir = join(root, 'webview');
  const webviews = existsSync(webviewDir) ? readdirSync(webviewDir).filter((name) => existsSync(join(webviewDir, name, 'main.ts'))) : [];
  if (webviews.length > 0) list.push(webviewBuild(webviews));
  return list;
}

/** Removes what an earlier build left; not the whole folder at once, so that what runs from it goes on. */
function removeStale(results) {
  const kept = new Set(results.flatMap((result) => Object.keys(result.metafile.outputs)).map((file) => join(root, file)));
  kept.add(join(dist, 'package.json'));
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(path)) rmSync(path, { force: true });
  }
}

function printSizes(results) {
  const files = results.flatMap((result) => Object.keys(result.metafile.outputs)).filter((file) => !file.endsWith('.map'));
  for (const file of files.sort()) {
    const path = join(root, file);
    const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`.padStart(9);
    log(`  ${file.padEnd(32)} ${kib(statSync(path).size)} ${kib(gzipSync(readFileSync(path)).length)} gzip`);
  }
}

if (options.watch === true) {
  mkdirSync(dist, { recursive: true });
  writePackageJson();
  // The two lines are what .vscode/tasks.json waits for before it starts a debug session.
  const reporter = {
    name: 'report',
    setup(plugin) {
      plugin.onStart(() => log('[watch] build started'));
      plugin.onEnd((result) => log(`[watch] build finished with ${result.errors.length} errors`));
    },
  };
  for (const settings of builds()) await (await context({ ...settings, plugins: [...(settings.plugins ?? []), reporter] })).watch();
} else {
  const startedAt = Date.now();
  mkdirSync(dist, { recursive: true });
  writePackageJson();
  const outcomes = await Promise.allSettled(builds().map((settings) => build(settings)));
  const results = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.length - results.length;
  if (failures === 0) removeStale(results);
  printSizes(results);
  log(`Built ${results.length} bundles in ${Date.now() - startedAt} ms${failures > 0 ? `; ${failures} failed` : ''}.`);
  if (failures > 0) process.exitCode = 1;
}
