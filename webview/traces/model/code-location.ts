import type { JsonAttributes } from '../../../src/protocol/telemetry.ts';

/** A place in source code that a span names. */
export interface CodeLocation {
  readonly path: string;
  /** From 1; 0 when not given. */
  readonly line: number;
  readonly functionName: string;
}

/** Reads the `code.*` attributes of OpenTelemetry, today's names and those before version 1.33; undefined without a file. */
export function codeLocation(attributes: JsonAttributes): CodeLocation | undefined {
  const path = attributes['code.file.path'] ?? attributes['code.filepath'];
  if (typeof path !== 'string' || path === '') return undefined;
  const line = Number(attributes['code.line.number'] ?? attributes['code.lineno'] ?? 0);
  const name = attributes['code.function.name'] ?? attributes['code.function'];
  return { path, line: Number.isSafeInteger(line) && line > 0 ? line : 0, functionName: typeof name === 'string' ? name : '' };
}

/** `src/gateway/handler.ts:42`: the last parts of the path, enough to know it. */
export function locationLabel({ path, line }: CodeLocation): string {
  const parts = path.replace(/^file:\/\//, '').split(/[/\\]/).filter((part) => part !== '');
  return `${parts.slice(-3).join('/')}${line > 0 ? `:${String(line)}` : ''}`;
}
