/** Where telemetry says that something happened. At least one of `file` and `functionName` is there. */
export interface SourceReference {
  /** As it was reported: a path of this or another machine, or a URL. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  /** From 1. */
  readonly column?: number | undefined;
  /** May be qualified: `Server.handle`, `main.(*Server).handle`, `com.acme.Shop.pay`. */
  readonly functionName?: string | undefined;
}

/**
 * The place that the attributes of a span or log record name: OpenTelemetry's `code.*`, of semantic conventions 1.33 and
 * before. Undefined when they name none.
 */
export function sourceReferenceOf(attributes: Readonly<Record<string, unknown>>): SourceReference | undefined {
  const text = (...names: string[]): string | undefined => names.map((name) => attributes[name]).find((value) => typeof value === 'string' && value !== '') as string | undefined;
  const file = text('code.file.path', 'code.filepath', 'code.file');
  const name = text('code.function.name', 'code.function');
  const namespace = text('code.namespace');
  const functionName = name === undefined || namespace === undefined ? name : `${namespace}.${name}`;
  if (file === undefined && functionName === undefined) return undefined;
  return { file, line: positive(attributes['code.line.number'] ?? attributes['code.lineno']), column: positive(attributes['code.column.number'] ?? attributes['code.column']), functionName };
}

function positive(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
