import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { fail, ok, type Result } from './result.ts';

/** The values of options by name; a repeated option gives an array. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** Reads a command's arguments; the error says what is wrong in one line. */
export function readArguments(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
): Result<{ readonly values: OptionValues; readonly positionals: readonly string[] }, string> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return ok({ values, positionals });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** A string option, or undefined. */
export function textOption(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
