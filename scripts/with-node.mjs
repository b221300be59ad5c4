// usage: node scripts/with-node.mjs TOOL ARGUMENTS…
// Runs a tool of node_modules/.bin (or a script, when TOOL ends in .mjs or .ts) on Node 24, whatever Node npm itself runs on.
import { spawn } from 'node:child_process';
import { node24, root, toolEnvironment } from './node24.mjs';

const [tool, ...args] = process.argv.slice(2);
if (!tool) {
  process.stderr.write('usage: node scripts/with-node.mjs TOOL ARGUMENTS…\n');
  process.exit(2);
}
const isScript = /\.(mjs|ts)$/.test(tool);
const child = spawn(isScript ? node24() : tool, isScript ? [tool, ...args] : args, {
  cwd: root,
  env: toolEnvironment(),
  stdio: 'inherit',
  shell: process.platform === 'win32' && !isScript,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${tool}: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
