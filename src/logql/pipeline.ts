import { createMatcher } from '../promql/matcher.ts';
import type { LogQuery, Stage } from './ast.ts';
import { extractJson, extractLogfmt } from './extract-fields.ts';
import { createLabelTest, type PipelineLabels } from './label-test.ts';
import { createLinePattern } from './line-pattern.ts';
import type { LogEntry, PassedEntry } from './log-entry.ts';

/** Judges one entry: what became of its labels, or undefined when it is not wanted. */
export type Pipeline = (entry: LogEntry) => PassedEntry | undefined;

/** Makes a log query ready to run: selector first, then the stages in order. Where a label is missing, a matcher sees ''. */
export function createPipeline({ matchers, stages }: LogQuery): Pipeline {
  const tests = matchers.map(createMatcher);
  const steps = stages.map(createStep);
  return (entry) => {
    if (!tests.every((matcher) => matcher.matches(entry.stream.get(matcher.name) ?? ''))) return undefined;
    const labels = new EntryLabels(entry);
    return steps.every((step) => step(labels)) ? labels.finish() : undefined;
  };
}

/** Labels of an entry on its way through the stages; copied when the first of them changes. */
class EntryLabels implements PipelineLabels {
  readonly #entry: LogEntry;
  readonly #parsed = new Map<string, string>();
  #dropped: Set<string> | undefined;
  hasError = false;

  constructor(entry: LogEntry) {
    this.#entry = entry;
  }

  get line(): string {
    return this.#entry.line;
  }

  get(name: string): string | undefined {
    if (this.#dropped?.has(name)) return undefined;
    return this.#parsed.get(name) ?? this.#entry.stream.get(name) ?? this.#entry.metadata.get(name);
  }

  setError(kind = 'LabelFilterErr'): void {
    this.hasError = true;
    this.#parsed.set('__error__', kind);
  }

  extract(fields: readonly (readonly [name: string, value: string])[]): void {
    for (const [name, value] of fields) {
      const isTaken = this.#entry.stream.has(name) || this.#entry.metadata.has(name);
      const free = isTaken ? `${name}_extracted` : name;
      // The first of two fields with one name stands.
      if (!this.#parsed.has(free)) this.#parsed.set(free, value);
    }
  }

  drop(names: readonly string[]): void {
    this.#dropped ??= new Set();
    for (const name of names) {
      this.#dropped.add(name);
      if (name === '__error__') this.hasError = false;
    }
  }

  finish(): PassedEntry {
    const { stream, metadata } = this.#entry;
    const labels = new Map([...stream, ...metadata, ...this.#parsed]);
    for (const name of this.#dropped ?? []) {
      labels.delete(name);
      this.#parsed.delete(name);
    }
    return { entry: this.#entry, labels, parsed: this.#parsed };
  }
}

function createStep(stage: Stage): (labels: EntryLabels) => boolean {
  switch (stage.kind) {
    case 'line':
      return createLineTest(stage.op, stage.text);
    case 'json':
      return (labels) => {
        const fields = extractJson(labels.line);
        if (fields) labels.extract(fields);
        else labels.setError('JSONParserErr');
        return true;
      };
    case 'logfmt':
      return (labels) => {
        labels.extract(extractLogfmt(labels.line));
        return true;
      };
    case 'drop':
      return (labels) => {
        labels.drop(stage.names);
        return true;
      };
    case 'label':
      return createLabelTest(stage.filter);
  }
}

function createLineTest(op: '|=' | '!=' | '|~' | '!~', text: string): (labels: EntryLabels) => boolean {
  if (op === '|=') return ({ line }) => line.includes(text);
  if (op === '!=') return ({ line }) => !line.includes(text);
  const pattern = createLinePattern(text);
  return op === '|~' ? ({ line }) => pattern.matches(line) : ({ line }) => !pattern.matches(line);
}
