import type { HttpBlock, HttpFile } from './parse-http-file.ts';

/** A request with its variables filled in. */
export interface FilledRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** Names in braces that nothing defines, in the order in which they were met. */
  readonly unknown: readonly string[];
}

/** Values of `{{$…}}`; what reads the environment is left out on purpose: a request may go to another machine. */
export interface DynamicValues {
  uuid(): string;
  nowMs(): number;
  /** 0 … 1. */
  random(): number;
}

const MAX_DEPTH = 10;

/** Replaces `{{name}}` in URL, headers and body by the file's variables, whose values may hold others, and by `{{$uuid}}` and the like. */
export function fillVariables(block: HttpBlock, variables: HttpFile['variables'], dynamic: DynamicValues): FilledRequest {
  const unknown: string[] = [];
  const fill = (text: string, depth = 0): string =>
    text.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, name: string) => {
      const value = variables.get(name) ?? dynamicValue(name, dynamic);
      if (value !== undefined && depth < MAX_DEPTH) return fill(value, depth + 1);
      if (!unknown.includes(name)) unknown.push(name);
      return whole;
    });
  return { method: block.method, url: fill(block.url), headers: block.headers.map(([name, value]) => [fill(name), fill(value)] as const), body: fill(block.body), unknown };
}

function dynamicValue(text: string, dynamic: DynamicValues): string | undefined {
  const [name, ...args] = text.split(/\s+/);
  switch (name) {
    case '$uuid':
    case '$guid':
    case '$random.uuid':
      return dynamic.uuid();
    case '$timestamp':
      return String(Math.floor(dynamic.nowMs() / 1000));
    case '$isoTimestamp':
      return new Date(dynamic.nowMs()).toISOString();
    case '$randomInt': {
      const [low, high] = [Number(args[0] ?? 0), Number(args[1] ?? 1000)];
      return Number.isFinite(low) && Number.isFinite(high) ? String(Math.floor(low + dynamic.random() * (high - low))) : undefined;
    }
    default:
      return undefined;
  }
}
