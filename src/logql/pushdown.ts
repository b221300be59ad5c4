import { createMatcher } from '../promql/matcher.ts';
import type { LogQuery } from './ast.ts';
import { createLinePattern } from './line-pattern.ts';

/** A condition on the line that a store can check by itself. */
export type PushedLine =
  | { readonly op: 'contains' | 'excludes'; readonly text: string }
  | { readonly op: 'matches' | 'mismatches'; readonly pattern: { matches(text: string): boolean } };

/** What a store can check without running the pipeline: necessary conditions, and whether they are sufficient. */
export interface Pushdown {
  /** Undefined: any. */
  readonly services: readonly string[] | undefined;
  readonly levels: readonly string[] | undefined;
  readonly lines: readonly PushedLine[];
  /** True when the pipeline would not refuse anything that meets these conditions. */
  readonly isExact: boolean;
}

/**
 * Takes from a query what a store can check: services and levels by value, and all conditions on the line (no stage of the
 * supported ones changes the line, so their place among the others does not matter).
 */
export function pushdownOf({ matchers, stages }: LogQuery): Pushdown {
  let services: readonly string[] | undefined;
  let levels: readonly string[] | undefined;
  let isExact = true;
  for (const matcher of matchers.map(createMatcher)) {
    const values = matcher.type === '=' ? [matcher.value] : matcher.type === '=~' ? matcher.literals : undefined;
    // The empty text means "missing" to LogQL, but is a name like others to a store.
    const isPushed = values !== undefined && values.length > 0 && !values.includes('');
    if (isPushed && matcher.name === 'service_name') services = both(services, values);
    else if (isPushed && matcher.name === 'level') levels = both(levels, values);
    else isExact = false;
  }
  const lines: PushedLine[] = [];
  for (const stage of stages) {
    if (stage.kind === 'line') lines.push(pushedLine(stage.op, stage.text));
    else if (stage.kind === 'label') isExact = false;
  }
  // A list without values would select everything: a selector that contradicts itself is left to the pipeline.
  if (services?.length === 0 || levels?.length === 0) return { services: undefined, levels: undefined, lines, isExact: false };
  return { services, levels, lines, isExact };
}

function both(a: readonly string[] | undefined, b: readonly string[]): readonly string[] {
  return a === undefined ? b : a.filter((value) => b.includes(value));
}

function pushedLine(op: '|=' | '!=' | '|~' | '!~', text: string): PushedLine {
  switch (op) {
    case '|=':
      return { op: 'contains', text };
    case '!=':
      return { op: 'excludes', text };
    case '|~':
      return { op: 'matches', pattern: createLinePattern(text) };
    case '!~':
      return { op: 'mismatches', pattern: createLinePattern(text) };
  }
}
