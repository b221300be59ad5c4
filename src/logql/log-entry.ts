/** A log record as LogQL sees it. Label names are those of Loki: letters, digits and `_`. */
export interface LogEntry {
  readonly line: string;
  /** What names the stream: service_name, level and the resource's attributes. */
  readonly stream: ReadonlyMap<string, string>;
  /** Structured metadata: attributes of the record, trace_id and span_id. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** What a pipeline made of an entry that passed. */
export interface PassedEntry {
  readonly entry: LogEntry;
  /** All labels: the stream's, the metadata and what parsers found, less what was dropped. */
  readonly labels: ReadonlyMap<string, string>;
  /** What parsers found; a name that was taken has `_extracted` behind it. */
  readonly parsed: ReadonlyMap<string, string>;
}

/** A name as Loki writes it: what is no letter, digit or `_` becomes `_`, and a leading digit gets one before it. */
export function labelNameOf(key: string): string {
  const name = key.replace(/[^A-Za-z0-9_]/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}
