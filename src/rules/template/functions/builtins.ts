import { formatVerbs } from '../format-verb.ts';
import { goTypeName, isGoTrue, printGoValue, TemplateFailure, type GoValue } from '../go-value.ts';
import type { TemplateFunctions } from '../template-function.ts';

const compared = (accepts: (order: number) => boolean): TemplateFunctions[string] => ({
  parameters: ['any', 'any'],
  call: ([a, b]) => accepts(compare(a, b)),
});

/** The functions that text/template has by itself; `and` and `or`, which do not evaluate all arguments, are the evaluator's. */
export const BUILTINS: TemplateFunctions = {
  and: { parameters: ['any'], isVariadic: true, call: ([value]) => value },
  or: { parameters: ['any'], isVariadic: true, call: ([value]) => value },
  not: { parameters: ['any'], call: ([value]) => !isGoTrue(value) },
  len: { parameters: ['any'], call: ([value]) => lengthOf(value) },
  index: { parameters: ['any', 'any'], isVariadic: true, call: ([value, ...keys]) => keys.reduce(indexOne, value) },
  slice: { parameters: ['any', 'any'], isVariadic: true, call: ([value, ...bounds]) => sliceOf(value, bounds) },
  print: { parameters: ['any'], isVariadic: true, call: printAll },
  println: { parameters: ['any'], isVariadic: true, call: (args) => `${args.map((value) => printGoValue(value, '<nil>')).join(' ')}\n` },
  printf: { parameters: ['string', 'any'], isVariadic: true, call: ([format, ...args]) => formatVerbs(printGoValue(format), args) },
  html: { parameters: ['any'], isVariadic: true, call: (args) => escapeHtml(printAll(args)) },
  js: { parameters: ['any'], isVariadic: true, call: (args) => escapeJavaScript(printAll(args)) },
  urlquery: { parameters: ['any'], isVariadic: true, call: (args) => new URLSearchParams([['', printAll(args)]]).toString().slice(1) },
  call: {
    parameters: ['any'], isVariadic: true,
    call: ([value]) => {
      throw new TemplateFailure(value === undefined ? 'call of nil' : `non-function ${printGoValue(value)} of type ${goTypeName(value)}`);
    },
  },
  eq: {
    parameters: ['any', 'any'], isVariadic: true,
    call: ([first, ...others]) => {
      if (others.length === 0) throw new TemplateFailure('missing argument for comparison');
      return others.some((other) => isEqual(first, other));
    },
  },
  ne: { parameters: ['any', 'any'], call: ([a, b]) => !isEqual(a, b) },
  lt: compared((order) => order < 0),
  le: compared((order) => order <= 0),
  gt: compared((order) => order > 0),
  ge: compared((order) => order >= 0),
};

export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => HTML_ESCAPES[char] ?? char);
}

const HTML_ESCAPES: Readonly<Record<string, string>> = { '\0': '\ufffd', '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeJavaScript(text: string): string {
  return text.replace(/[\\'"<>&=\0-\x1f]/g, (char) => (/[\\'"]/.test(char) ? `\\${char}` : `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`));
}

/** `fmt.Sprint`: a space between two operands when neither is a string. */
function printAll(args: readonly GoValue[]): string {
  return args.map((value, i) => (i > 0 && typeof value !== 'string' && typeof args[i - 1] !== 'string' ? ' ' : '') + printGoValue(value, '<nil>')).join('');
}

function lengthOf(value: GoValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (typeof value === 'object' && value.kind === 'slice') return BigInt(value.items.length);
  if (typeof value === 'object' && value.kind === 'map') return BigInt(value.entries.size);
  if (value === undefined) throw new TemplateFailure('len of nil pointer');
  throw new TemplateFailure(`len of type ${goTypeName(value)}`);
}

function indexOne(value: GoValue, key: GoValue): GoValue {
  if (value === undefined) throw new TemplateFailure('index of untyped nil');
  if (typeof value === 'object' && value.kind === 'map') {
    if (typeof key !== 'string') throw new TemplateFailure(`value has type ${goTypeName(key)}; should be string`);
    return value.entries.has(key) ? value.entries.get(key) : value.zero;
  }
  if (typeof value === 'object' && value.kind === 'slice') return value.items[position(key, value.items.length)];
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return BigInt(bytes[position(key, bytes.length)]!);
  }
  throw new TemplateFailure(`can't index item of type ${goTypeName(value)}`);
}

function position(key: GoValue, length: number): number {
  if (typeof key !== 'bigint') throw new TemplateFailure(`cannot index slice/array with type ${goTypeName(key)}`);
  if (key < 0n || key >= BigInt(length)) throw new TemplateFailure(`index out of range: ${key}`);
  return Number(key);
}

function sliceOf(value: GoValue, bounds: readonly GoValue[]): GoValue {
  const numbers = bounds.map((bound) => (typeof bound === 'bigint' ? Number(bound) : Number.NaN));
  const length = Number(lengthOf(value));
  const [from = 0, to = length] = numbers;
  if (!(from >= 0 && from <= to && to <= length) || bounds.length > 2) throw new TemplateFailure(`index out of range: ${numbers.at(-1)}`);
  if (typeof value === 'string') return Buffer.from(value).subarray(from, to).toString();
  if (typeof value === 'object' && value.kind === 'slice') return { ...value, items: value.items.slice(from, to) };
  throw new TemplateFailure(`can't slice item of type ${goTypeName(value)}`);
}

function isEqual(a: GoValue, b: GoValue): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (typeof a === 'object' || typeof b === 'object') throw new TemplateFailure('incompatible types for comparison');
  if (typeof a !== typeof b) throw new TemplateFailure('incompatible types for comparison');
  return a === b;
}

function compare(a: GoValue, b: GoValue): number {
  if (a === undefined || b === undefined || typeof a === 'object' || typeof b === 'object' || typeof a === 'boolean') throw new TemplateFailure('invalid type for comparison');
  if (typeof a !== typeof b) throw new TemplateFailure('incompatible types for comparison');
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
}
