import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type ParsedNode, type Scalar } from 'yaml';

/** A finding in a text file. Lines and columns count from 0; the end is exclusive. */
export interface TextProblem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Parses a YAML file for reading field by field; `root` is undefined when the text is empty or not YAML. Never throws. */
export function parseYamlFile(text: string): { readonly root: YamlNode | undefined; readonly problems: TextProblem[] } {
  const lines = new LineCounter();
  // What a plain scalar means is decided by the field that holds it, as in Go, so its source text is used and not its YAML type.
  const document = parseDocument(text, { lineCounter: lines, merge: true, keepSourceTokens: false, logLevel: 'silent' });
  const file = new YamlFile(document, lines);
  for (const error of document.errors) file.report('error', error.message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, ''), error.pos);
  const { contents } = document;
  const isUsable = document.errors.length === 0 && contents !== null;
  return { root: isUsable ? new YamlNode(file, contents) : undefined, problems: file.problems };
}

class YamlFile {
  readonly problems: TextProblem[] = [];
  readonly document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.document = document;
    this.#lines = lines;
  }

  placeOf(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(0, line - 1), column: Math.max(0, col - 1) };
  }

  report(severity: TextProblem['severity'], message: string, [start, end]: readonly [number, number]): void {
    const from = this.#lines.linePos(start);
    const to = this.#lines.linePos(Math.max(start, end));
    this.problems.push({
      severity, message,
      startLine: Math.max(0, from.line - 1), startColumn: Math.max(0, from.col - 1),
      endLine: Math.max(0, to.line - 1), endColumn: Math.max(0, to.col - 1),
    });
  }
}

/**
 * One value of a YAML file, read by the type that its place wants. What does not fit is reported where it stands,
 * in the words of Go's yaml package, and reads as undefined.
 */
export class YamlNode {
  readonly #file: YamlFile;
  readonly #node: ParsedNode;

  constructor(file: YamlFile, node: ParsedNode) {
    this.#file = file;
    const target = isAlias(node) ? node.resolve(file.document) : node;
    // An alias resolves to a node that was parsed too.
    this.#node = (target ?? node) as ParsedNode;
  }

  /** Is it absent, `null` or `~`? */
  get isNull(): boolean {
    return isScalar(this.#node) && this.#node.value === null;
  }

  /** Where it begins; line and column count from 0. */
  get place(): { readonly line: number; readonly column: number } {
    return this.#file.placeOf(this.#node.range[0]);
  }

  report(message: string, severity: TextProblem['severity'] = 'error'): void {
    const [start, end] = this.#node.range;
    this.#file.report(severity, message, [start, end]);
  }

  /** Any scalar as its text. */
  string(): string | undefined {
    if (isScalar(this.#node)) return this.#text();
    this.#misfit('string');
    return undefined;
  }

  bool(): boolean | undefined {
    const text = this.#plainText('bool');
    if (text === undefined) return undefined;
    // The words of YAML 1.1, which Go's yaml takes for booleans.
    if (/^(?:true|yes|on|y)$/i.test(text)) return true;
    if (/^(?:false|no|off|n)$/i.test(text)) return false;
    this.#misfit('bool');
    return undefined;
  }

  /** A whole number from 0 up. */
  uint(): number | undefined {
    const text = this.#plainText('uint');
    if (text === undefined) return undefined;
    // Go's yaml also takes 1_000, 0x10 and whole floats such as 1e3.
    const value = /^\+?(?:0x[\da-f]+|[\d.]+(?:e\+?\d+)?)$/i.test(text.replaceAll('_', '')) ? Number(text.replaceAll('_', '').replace('+', '')) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    this.#misfit('uint');
    return undefined;
  }

  /** The entries of a list; null reads as empty. */
  list(type: string): readonly YamlNode[] {
    if (this.isNull) return [];
    if (!isSeq(this.#node)) {
      this.#misfit(type);
      return [];
    }
    return this.#node.items.map((item) => new YamlNode(this.#file, item));
  }

  /** A list of strings. */
  strings(type = '[]string'): readonly string[] {
    return this.list(type).flatMap((item) => item.string() ?? []);
  }

  /** The keys of a mapping with their values; null reads as empty. */
  entries(type: string): readonly (readonly [key: YamlNode, value: YamlNode | undefined])[] {
    return this.#entriesWithin(type, []);
  }

  /** `merging` are the nodes around this one that are merged into each other: one that comes again would never end. */
  #entriesWithin(type: string, merging: readonly ParsedNode[]): readonly (readonly [key: YamlNode, value: YamlNode | undefined])[] {
    if (this.isNull) return [];
    if (merging.includes(this.#node)) {
      this.report('anchor value contains itself');
      return [];
    }
    if (!isMap(this.#node)) {
      this.#misfit(type);
      return [];
    }
    const entries: (readonly [YamlNode, YamlNode | undefined])[] = [];
    for (const { key, value } of this.#node.items) {
      const isMerge = isScalar(key) && key.source === '<<' && value !== null;
      if (isMerge) entries.push(...new YamlNode(this.#file, value).#merged(type, [...merging, this.#node]));
      else entries.push([new YamlNode(this.#file, key), value === null ? undefined : new YamlNode(this.#file, value)]);
    }
    return entries;
  }

  /** The fields of a struct. */
  fields(type: string): YamlFields {
    return new YamlFields(this, type);
  }

  /** The value as plain data, for parts that are only handed on. */
  plain(): unknown {
    return this.#node.toJS(this.#file.document, { maxAliasCount: 100 });
  }

  #merged(type: string, merging: readonly ParsedNode[]): readonly (readonly [YamlNode, YamlNode | undefined])[] {
    return isSeq(this.#node) ? this.list(type).flatMap((node) => node.#entriesWithin(type, merging)) : this.#entriesWithin(type, merging);
  }

  #text(): string {
    if (!isScalar(this.#node)) return '';
    const scalar: Scalar = this.#node;
    const { source, value, type } = scalar;
    if (value === null) return '';
    // Quoted and block scalars are strings already, with their escapes resolved.
    return typeof value === 'string' && type !== 'PLAIN' ? value : (source ?? '');
  }

  /** The text of an unquoted scalar: what is quoted is a string and nothing else. */
  #plainText(type: string): string | undefined {
    if (isScalar(this.#node) && this.#node.type === 'PLAIN' && !this.isNull) return this.#text();
    this.#misfit(type);
    return undefined;
  }

  #misfit(type: string): void {
    const kind = isMap(this.#node) ? '!!map' : isSeq(this.#node) ? '!!seq' : `${this.#scalarTag()} \`${this.#text().slice(0, 60)}\``;
    this.report(`cannot unmarshal ${kind} into ${type}`);
  }

  #scalarTag(): string {
    if (!isScalar(this.#node) || this.#node.type !== 'PLAIN') return '!!str';
    const { value } = this.#node;
    if (typeof value === 'boolean') return '!!bool';
    return typeof value === 'number' ? (Number.isInteger(value) ? '!!int' : '!!float') : '!!str';
  }
}

/** The fields of a mapping that has a fixed set of them. Ask for the known ones, then {@link finish} reports the others. */
export class YamlFields {
  readonly node: YamlNode;
  readonly #type: string;
  readonly #keys = new Map<string, YamlNode>();
  readonly #values = new Map<string, YamlNode | undefined>();

  constructor(node: YamlNode, type: string) {
    this.node = node;
    this.#type = type;
    for (const [key, value] of node.entries(type)) {
      const name = key.string();
      // The first stands: merged entries come after, or are weaker.
      if (name === undefined || this.#keys.has(name)) continue;
      this.#keys.set(name, key);
      this.#values.set(name, value);
    }
  }

  /** A field's value; undefined when it is absent or null. The field then counts as known. */
  get(name: string): YamlNode | undefined {
    const value = this.#values.get(name);
    this.#values.delete(name);
    return value?.isNull ? undefined : value;
  }

  /** Is the field there, even with nothing in it? */
  has(name: string): boolean {
    return this.#keys.has(name);
  }

  /** The key itself, to report at. */
  key(name: string): YamlNode | undefined {
    return this.#keys.get(name);
  }

  /** Takes fields that are known elsewhere but not here: reports each as not supported yet. */
  unsupported(names: Iterable<string>): void {
    for (const name of names) {
      if (!this.has(name)) continue;
      this.get(name);
      this.key(name)?.report(`${name} is not supported yet and is ignored`, 'warning');
    }
  }

  /** Reports every field that nobody asked for. */
  finish(): void {
    for (const name of this.#values.keys()) this.#keys.get(name)?.report(`field ${name} not found in type ${this.#type}`);
  }
}
