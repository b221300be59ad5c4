import { readArguments } from '../base/command-line.ts';
import { checkConfigFile } from '../collector/rules/check-config.ts';
import { checkRuleFile, type CheckReport } from '../collector/rules/check-rules.ts';
import { EXIT, type CliIo } from './io.ts';

interface CheckOptions {
  readonly experimental: boolean;
  readonly lint: boolean;
}

/** What can be checked: one row a kind of file. */
const KINDS: Readonly<Record<string, (file: string, options: CheckOptions) => Promise<CheckReport>>> = {
  rules: checkRuleFile,
  config: checkConfigFile,
};

const USAGE = `Usage: sightline check rules|config [options] FILE...

  rules        rule files, as promtool check rules
  config       prometheus.yml and the rule files that it names, as promtool check config

  --lint LINT          duplicate-rules (default) or none
  --lint-fatal         what lint finds makes the exit code 3
  --promql 3.5|latest  the PromQL that is taken (default latest)
`;

const OPTIONS = {
  'lint': { type: 'string', default: 'duplicate-rules' },
  'lint-fatal': { type: 'boolean' },
  'promql': { type: 'string', default: 'latest' },
  'help': { type: 'boolean', short: 'h' },
} as const;

/** What only lint found, where that was asked to count. As promtool. */
const LINT_EXIT = 3;

/** `sightline check`: says what is wrong with files. */
export async function runCheck(args: readonly string[], io: CliIo): Promise<number> {
  const parsed = readArguments(args, OPTIONS);
  if (!parsed.ok) return usage(io, parsed.error);
  const { values, positionals: [kind = '', ...files] } = parsed.value;
  if (values['help']) {
    io.out(USAGE);
    return EXIT.good;
  }
  const check = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!check) return usage(io, `say what to check: ${Object.keys(KINDS).join(' or ')}`);
  if (files.length === 0) return usage(io, 'name at least one file');
  let isGood = true;
  let hasLint = false;
  for (const file of files) {
    const report = await check(file, { experimental: values['promql'] !== '3.5', lint: values['lint'] !== 'none' });
    io.out(report.out);
    io.err(report.err);
    isGood &&= report.isGood;
    hasLint ||= report.hasLint;
  }
  if (!isGood) return EXIT.failure;
  return hasLint && values['lint-fatal'] ? LINT_EXIT : EXIT.good;
}

function usage(io: CliIo, problem: string): number {
  io.err(`sightline check: ${problem}\n\n${USAGE}`);
  return EXIT.usage;
}
