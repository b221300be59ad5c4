import { readArguments, textOption } from '../base/command-line.ts';
import { testRuleFile } from '../collector/rules/test-rules.ts';
import { EXIT, type CliIo } from './io.ts';

const USAGE = `Usage: sightline test rules [options] FILE...

Runs unit tests of rules, in promtool's format.

  --run REGEX          only tests whose name fits
  --promql 3.5|latest  the PromQL that rules may use (default latest)
`;

const OPTIONS = {
  run: { type: 'string' },
  promql: { type: 'string', default: 'latest' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `sightline test rules`: as `promtool test rules`. */
export async function runTest(args: readonly string[], io: CliIo): Promise<number> {
  const parsed = readArguments(args, OPTIONS);
  if (!parsed.ok) return usage(io, parsed.error);
  const { values, positionals: [kind, ...files] } = parsed.value;
  if (values['help']) {
    io.out(USAGE);
    return EXIT.good;
  }
  if (kind !== 'rules') return usage(io, 'say what to test: rules');
  if (files.length === 0) return usage(io, 'name at least one file');
  let run: RegExp | undefined;
  try {
    const pattern = textOption(values, 'run');
    run = pattern === undefined ? undefined : new RegExp(pattern);
  } catch (error) {
    return usage(io, `--run: ${error instanceof Error ? error.message : String(error)}`);
  }
  let isGood = true;
  for (const file of files) {
    io.out(`Unit Testing:  ${file}\n`);
    const { failures, warnings } = await testRuleFile(file, run, { experimental: values['promql'] !== '3.5' });
    for (const warning of warnings) io.err(`  WARNING: ${warning}\n`);
    if (failures.length === 0) io.out('  SUCCESS\n\n');
    else io.err(`  FAILED:\n${failures.map((failure) => `${failure}\n`).join('')}\n`);
    isGood &&= failures.length === 0;
  }
  return isGood ? EXIT.good : EXIT.failure;
}

function usage(io: CliIo, problem: string): number {
  io.err(`sightline test: ${problem}\n\n${USAGE}`);
  return EXIT.usage;
}
