import { formatGoFloat } from '../../base/go-float.ts';

/** A Go value with fields and methods: a struct, a time, a duration. `text` is how Go prints it. */
export interface GoObject {
  readonly kind: 'object';
  readonly typeName: string;
  readonly text: string;
  readonly fields: ReadonlyMap<string, GoValue>;
  readonly methods: ReadonlyMap<string, (args: readonly GoValue[]) => GoValue>;
  /** What a function of this package made it from: seconds for a duration, ms since the epoch for a time. */
  readonly number?: number;
}

/** A map with string keys; `zero` is what a key that is absent reads as: '' for a map of strings, undefined (nil) for one of anything. */
export interface GoMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, GoValue>;
  readonly zero: GoValue;
}

/** A slice with the name of its Go type. */
export interface GoSlice {
  readonly kind: 'slice';
  readonly typeName: string;
  readonly items: readonly GoValue[];
}

/** A value in a template: nil (undefined), bool, string, int (bigint), float64 (number) or something composed. */
export type GoValue = undefined | boolean | string | bigint | number | GoObject | GoMap | GoSlice;

/** Why a template could not be executed; the message is Go's, without the place. */
export class TemplateFailure extends Error {}

export const NO_VALUES: ReadonlyMap<string, never> = new Map<string, never>();

/** Makes a map of strings. */
export function goStringMap(record: Readonly<Record<string, string>>): GoMap {
  return { kind: 'map', entries: new Map(Object.entries(record)), zero: '' };
}

/** The name of a value's type in Go's error messages. */
export function goTypeName(value: GoValue): string {
  switch (typeof value) {
    case 'undefined': return 'nil';
    case 'boolean': return 'bool';
    case 'string': return 'string';
    case 'bigint': return 'int';
    case 'number': return 'float64';
    default:
      if (value.kind === 'map') return value.zero === '' ? 'map[string]string' : 'map[string]interface {}';
      return value.typeName;
  }
}

/** A value as text/template writes it: `fmt.Sprint`, and `<no value>` for nil. */
export function printGoValue(value: GoValue, nil = '<no value>'): string {
  switch (typeof value) {
    case 'undefined': return nil;
    case 'boolean': return value ? 'true' : 'false';
    case 'string': return value;
    case 'bigint': return value.toString();
    case 'number': return formatGoFloat(value, 'g');
    default:
      if (value.kind === 'slice') return `[${value.items.map((item) => printGoValue(item, '<nil>')).join(' ')}]`;
      if (value.kind === 'object') return value.text;
      return `map[${[...value.entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => `${key}:${printGoValue(item, '<nil>')}`).join(' ')}]`;
  }
}

/** Whether `if` takes it: nil, zero and what is empty are false. */
export function isGoTrue(value: GoValue): boolean {
  switch (typeof value) {
    case 'undefined': return false;
    case 'boolean': return value;
    case 'string': return value !== '';
    case 'bigint': return value !== 0n;
    case 'number': return value !== 0;
    default:
      if (value.kind === 'slice') return value.items.length > 0;
      return value.kind === 'object' || value.entries.size > 0;
  }
}
