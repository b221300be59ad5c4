import { labelNameOf } from './log-entry.ts';

/** Fields that are nested deeper in JSON are left out. */
const DEEPEST = 50;

/**
 * The fields of a line that is a JSON object, as Loki's `| json` names them: nested ones joined by `_`; lists and nulls are left out.
 * Undefined when the line is no JSON object.
 */
export function extractJson(line: string): [name: string, value: string][] | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const fields: [string, string][] = [];
  collect(value, '', fields, 0);
  return fields;
}

function collect(value: unknown, name: string, fields: [string, string][], depth: number): void {
  if (value === null || Array.isArray(value) || depth > DEEPEST) return;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    fields.push([name, String(value)]);
    return;
  }
  if (typeof value !== 'object') return;
  for (const [key, item] of Object.entries(value)) collect(item, name === '' ? labelNameOf(key) : `${name}_${key.replace(/[^A-Za-z0-9_]/g, '_')}`, fields, depth + 1);
}

const PAIR = /([^\s="]+)(?:=("(?:[^"\\]|\\.)*"|[^\s"]*))?/g;

/** The `key=value` pairs of a line, as Loki's `| logfmt` reads them: values may be quoted; keys without a value are left out. */
export function extractLogfmt(line: string): [name: string, value: string][] {
  const fields: [string, string][] = [];
  for (const [, key, raw] of line.matchAll(PAIR)) {
    const value = raw?.startsWith('"') ? unquote(raw) : raw;
    if (value !== undefined && value !== '') fields.push([labelNameOf(key!), value]);
  }
  return fields;
}

// The escapes of logfmt are those of JSON.
function unquote(raw: string): string | undefined {
  if (!raw.includes('\\')) return raw.slice(1, -1);
  try {
    const value: unknown = JSON.parse(raw.replaceAll('\t', '\\t'));
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
