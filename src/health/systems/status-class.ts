import { labelValue, type Labels } from '../../model/labels.ts';

/** Which labels hold a status, and from which HTTP code on it is a failure. */
export interface StatusRules {
  readonly labels: readonly string[];
  readonly failsFrom: 400 | 500;
}

const SUCCESS_WORDS = /^(ok|success|succeeded|true|completed|hit)$/i;

/**
 * The error class that a status label says, '' for a success: an HTTP code, a class such as `5xx`, or a word.
 * Series without a status are successes: there is nothing that says otherwise.
 */
export function classifyStatus(labels: Labels, rules: StatusRules): string {
  const status = rules.labels.map((name) => labelValue(labels, name)).find((value) => value !== '');
  if (status === undefined || SUCCESS_WORDS.test(status)) return '';
  const hundreds = /^([1-9])(\d\d|xx)$/i.exec(status)?.[1];
  if (hundreds !== undefined) return Number(hundreds) * 100 >= rules.failsFrom ? status : '';
  return status;
}
