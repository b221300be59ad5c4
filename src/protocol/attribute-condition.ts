import { fail, ok, type Result } from '../base/result.ts';

/** How an attribute is compared. `=~` and `!~` are RE2 patterns that must match the whole value; the four comparisons are for numbers. */
export type AttributeOperator = '=' | '!=' | '=~' | '!~' | '<' | '<=' | '>' | '>=' | 'exists' | 'missing';

/**
 * A condition on an attribute of a span or log record, of its resource, or of a span's events. Values are compared as text, and `!=` and
 * `!~` also hold where the attribute is missing. `value` is the text, pattern or number; '' for `exists` and `missing`.
 */
export interface AttributeConditionText {
  readonly key: string;
  readonly op: AttributeOperator;
  readonly value: string;
  /** Where to look; any of these by default. */
  readonly scope?: 'any' | 'own' | 'resource' | 'event';
}

/** The operators in the order in which they are looked for: the longer of two that begin alike first. */
const SYMBOLS: readonly AttributeOperator[] = ['=~', '!~', '!=', '<=', '>=', '=', '<', '>'];

/**
 * Reads what a person types: `key=value`, `key!=value`, `key=~pattern`, `key!~pattern`, `key>=500`, `key` (exists) and `!key` (missing).
 * The first operator counts, so a value may hold others; a value may stand in double quotes, with JSON's escapes. Does not check patterns.
 */
export function parseAttributeCondition(text: string): Result<AttributeConditionText, string> {
  const trimmed = text.trim();
  const at = trimmed.search(/[=<>]|![=~]/);
  if (at < 0) {
    const isMissing = trimmed.startsWith('!');
    const key = (isMissing ? trimmed.slice(1) : trimmed).trim();
    return key === '' ? fail('an attribute needs a name: key=value') : ok({ key, op: isMissing ? 'missing' : 'exists', value: '' });
  }
  const op = SYMBOLS.find((symbol) => trimmed.startsWith(symbol, at)) ?? '=';
  const key = trimmed.slice(0, at).trim();
  const value = unquote(trimmed.slice(at + op.length).trim());
  if (key === '') return fail(`${trimmed}: an attribute needs a name before ${op}`);
  if (value === undefined) return fail(`${trimmed}: the quoted value is not complete`);
  if (/^[<>]/.test(op) && !isNumber(value)) return fail(`${trimmed}: ${op} compares numbers, ${JSON.stringify(value)} is none`);
  return ok({ key, op, value });
}

/** Writes a condition as {@link parseAttributeCondition} reads it. */
export function formatAttributeCondition({ key, op, value }: AttributeConditionText): string {
  if (op === 'exists') return key;
  if (op === 'missing') return `!${key}`;
  return `${key}${op}${value === '' || /^["=~]|^\s|\s$/.test(value) ? JSON.stringify(value) : value}`;
}

function unquote(value: string): string | undefined {
  if (!value.startsWith('"')) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}
