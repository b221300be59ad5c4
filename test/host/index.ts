import { globSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Mocha from 'mocha';

/** What VS Code calls inside its extension host. Rejects when a test failed, so that the host's exit code says so. */
export async function run(): Promise<void> {
  const resultFile = process.env['SIGHTLINE_TEST_RESULT'];
  if (resultFile === undefined) throw new Error('start the tests by test/host/launcher.ts');
  const grep = process.env['SIGHTLINE_TEST_GREP'];
  const lines: string[] = [];
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, forbidOnly: true, color: false, ...(grep === undefined ? {} : { grep }), reporter: reporterInto(lines) });
  for (const file of globSync('*.test.cjs', { cwd: __dirname }).sort()) mocha.addFile(join(__dirname, file));
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  writeFileSync(join(dirname(resultFile), 'report.txt'), `${lines.join('\n')}\n`);
  writeFileSync(`${resultFile}.part`, JSON.stringify({ failures }));
  renameSync(`${resultFile}.part`, resultFile);
  if (failures > 0) throw new Error(`${failures} in-editor tests failed`);
}

/** The report as text, in the words of mocha's own: the host's console is not ours. */
function reporterInto(lines: string[]): new (runner: Mocha.Runner) => Mocha.reporters.Base {
  return class extends Mocha.reporters.Base {
    constructor(runner: Mocha.Runner) {
      super(runner);
      runner.on('suite', (suite) => suite.title !== '' && lines.push(`  ${suite.title}`));
      runner.on('pass', (test) => lines.push(`    ✔ ${test.title} (${test.duration ?? 0} ms)`));
      runner.on('pending', (test) => lines.push(`    - ${test.title}`));
      runner.on('fail', (test, error: unknown) => {
        lines.push(`    ✘ ${test.fullTitle()}`, ...(error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n').map((line) => `      ${line}`));
      });
      runner.once('end', () => {
        const { passes, failures, pending } = this.stats;
        lines.push('', `  ${passes} passing`, ...(pending > 0 ? [`  ${pending} pending`] : []), ...(failures > 0 ? [`  ${failures} failing`] : []));
      });
    }
  };
}
