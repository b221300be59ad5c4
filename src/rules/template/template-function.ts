import { goTypeName, TemplateFailure, type GoObject, type GoSlice, type GoValue } from './go-value.ts';

/** What a parameter of a function takes. */
export type ParameterType = 'any' | 'string' | 'sample' | 'queryResult' | 'time' | 'duration';

/** A function that templates may call. `call` throws a TemplateFailure with Go's text. */
export interface TemplateFunction {
  readonly parameters: readonly ParameterType[];
  /** The last parameter may be given any number of times. */
  readonly isVariadic?: boolean;
  call(args: readonly GoValue[]): GoValue;
}

export type TemplateFunctions = Readonly<Record<string, TemplateFunction>>;

const TYPE_NAMES: Readonly<Record<Exclude<ParameterType, 'any' | 'string'>, string>> = {
  sample: '*template.sample', queryResult: 'template.queryResult', time: '*time.Time', duration: '*time.Duration',
};

/** Throws in Go's words when an argument does not fit its parameter. */
export function assertArgument(type: ParameterType, value: GoValue): void {
  if (type === 'any' || (type === 'string' && typeof value === 'string')) return;
  const wanted = type === 'string' ? 'string' : TYPE_NAMES[type];
  if (value === undefined) throw new TemplateFailure(`invalid value; expected ${wanted}`);
  if (goTypeName(value) !== wanted) throw new TemplateFailure(`wrong type for value; expected ${wanted}; got ${goTypeName(value)}`);
}

/** Makes a function of strings. */
export function ofStrings(count: number, call: (...args: string[]) => GoValue): TemplateFunction {
  return { parameters: Array.from({ length: count }, () => 'string'), call: (args) => call(...args.map(asString)) };
}

/** An argument that was checked to be a string. */
export function asString(value: GoValue): string {
  return typeof value === 'string' ? value : '';
}

export function asObject(value: GoValue): GoObject {
  if (typeof value === 'object' && value.kind === 'object') return value;
  throw new TemplateFailure(`wrong type for value; got ${goTypeName(value)}`);
}

export function asSlice(value: GoValue): GoSlice {
  if (typeof value === 'object' && value.kind === 'slice') return value;
  throw new TemplateFailure(`wrong type for value; got ${goTypeName(value)}`);
}
