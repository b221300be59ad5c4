import { fail, ok, type Result } from '../../base/result.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
// A number with so many digits that a double may not hold it; in a string it merely costs the slower way.
const LONG_INTEGER = /[[:,\s]-?\d{16,}/;

/** Parses UTF-8 JSON; bare integers beyond 2^53 become bigints instead of losing their last digits. */
export function decodeJsonBytes(body: Uint8Array): Result<unknown, string> {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return fail('the body is not UTF-8');
  }
  try {
    return ok(LONG_INTEGER.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text));
  } catch (error) {
    return fail(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A reviver; the third argument has the number's source text (ECMAScript 2026, in V8 since 11.4). */
function keepLongIntegers(...[, value, context]: readonly unknown[]): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  if (typeof context !== 'object' || context === null || !('source' in context)) return value;
  return typeof context.source === 'string' && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
