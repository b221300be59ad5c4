/** Where something stands in a rule file; line and column count from 0. */
export interface RulePlace {
  readonly line: number;
  readonly column: number;
}

/** An alerting rule as its file has it; durations in ms. Labels hold the group's too, and are templates, as annotations are. */
export interface AlertingRule {
  readonly kind: 'alerting';
  readonly name: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly place: RulePlace;
}

/** A recording rule as its file has it. Labels hold the group's too. */
export interface RecordingRule {
  readonly kind: 'recording';
  readonly name: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly place: RulePlace;
}

export type Rule = AlertingRule | RecordingRule;

/** A group of rules that are evaluated one after the other; undefined durations have the configuration's default. */
export interface RuleGroup {
  readonly name: string;
  readonly intervalMs: number | undefined;
  readonly queryOffsetMs: number | undefined;
  /** How many alerts or series a rule may give; 0 for any number. */
  readonly limit: number;
  readonly rules: readonly Rule[];
}
