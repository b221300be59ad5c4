/**
 * Runs the benchmarks one after the other: `npm run bench [-- NAME …]`, where NAME is the first part of a file's name here.
 * Quote ratios from one run; the machines are noisy.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const wanted = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
if (names.length === 0) console.error(`no benchmark named ${wanted.join(', ')}`);
let failures = names.length === 0 ? 1 : 0;
for (const name of names) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.bench.ts`)], { stdio: 'inherit' });
  if (status !== 0) failures++;
}
process.exitCode = failures > 0 ? 1 : 0;
