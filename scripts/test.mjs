// usage: node scripts/test.mjs [--only STEP[,STEP…]] [--skip STEP[,STEP…]]
// Installs when needed, builds, checks and tests everything. Runs on Node 20 with nothing installed.
// The last line is `N passed, N failed[, N skipped]`; a check that fails counts as one failed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies } from './install-dependencies.mjs';
import { node24, root, toolEnvironment } from './node24.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string' }, skip: { type: 'string' } } });
const only = options.only?.split(',');
const skip = options.skip?.split(',') ?? [];

const MOCHA = ['mocha', '--reporter', 'dot', '--forbid-only'];
const hasTests = (folder) => existsSync(join(root, folder)) && readdirSync(join(root, folder), { recursive: true }).some((name) => name.endsWith('.test.ts'));

/** Name, command, and whether its output ends in a mocha summary to be added up. */
const steps = [
  { name: 'build', command: [node(), 'scripts/build.mjs'] },
  { name: 'typecheck', command: ['tsc', '-b'] },
  { name: 'lint', command: ['eslint', 'src', 'webview', 'samples', 'test'] },
  { name: 'layers', command: ['depcruise', '--output-type', 'err-long', 'src', 'webview', 'samples', 'test'] },
  { name: 'deadcode', command: ['knip', '--no-config-hints'] },
  { name: 'unit', command: [...MOCHA, 'test/unit/**/*.test.ts'], isMocha: true, isPresent: hasTests('test/unit') },
  // --exit: a test that fails may leave a process whose pipes would keep mocha waiting.
  { name: 'integration', command: [...MOCHA, '--exit', '--timeout', '60000', 'test/integration/**/*.test.ts'], isMocha: true, isPresent: hasTests('test/integration') },
  { name: 'host', command: [node(), 'test/host/launcher.ts'], isMocha: true, isPresent: hasTests('test/host') },
];

function node() {
  installDependencies();
  return node24();
}

/** Adds up the summaries of mocha's reporters in `output`. */
function countTests(output) {
  const plain = output.replaceAll(/\u001b\[[0-9;]*m/g, '');
  const sum = (word) => [...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'gm'))].reduce((total, match) => total + Number(match[1]), 0);
  return { passed: sum('passing'), failed: sum('failing'), skipped: sum('pending') };
}

function run(step) {
  return new Promise((resolve) => {
    const [file, ...args] = step.command;
    const child = spawn(file, args, { cwd: root, env: toolEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => process.stderr.write(chunk));
    child.on('error', (error) => {
      process.stderr.write(`${file}: ${error.message}\n`);
      resolve({ code: 1, output });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };
const failedSteps = [];
const startedAt = Date.now();
for (const step of steps) {
  if ((only && !only.includes(step.name)) || skip.includes(step.name) || step.isPresent === false) continue;
  process.stdout.write(`\n== ${step.name}\n`);
  const stepStartedAt = Date.now();
  const { code, output } = await run(step);
  const counts = step.isMocha ? countTests(output) : { passed: 0, failed: 0, skipped: 0 };
  // A run that ends badly without a failing test (a crash, a lint finding) is one failure.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  for (const key of Object.keys(total)) total[key] += counts[key];
  if (code !== 0 || counts.failed > 0) failedSteps.push(step.name);
  process.stdout.write(`== ${step.name}: ${code === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - stepStartedAt) / 1000).toFixed(1)} s\n`);
  if (step.name === 'build' && code !== 0) break;
}
process.stdout.write(`\n${failedSteps.length > 0 ? `Failed: ${failedSteps.join(', ')}. ` : ''}Took ${((Date.now() - startedAt) / 1000).toFixed(0)} s.\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`);
process.exitCode = failedSteps.length > 0 ? 1 : 0;
