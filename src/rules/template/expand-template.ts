import { fail, ok, type Result } from '../../base/result.ts';
import { executeTemplate } from './evaluate-template.ts';
import { BUILTINS } from './functions/builtins.ts';
import { HUMANIZE_FUNCTIONS } from './functions/humanize.ts';
import { netFunctions } from './functions/net.ts';
import { queryFunctions, type TemplateSample } from './functions/query.ts';
import { TEXT_FUNCTIONS } from './functions/text.ts';
import { timeFunctions } from './functions/time-functions.ts';
import { goStringMap, NO_VALUES, TemplateFailure, type GoObject, type GoValue } from './go-value.ts';
import { parseTemplate, type TemplateProblem } from './parse-template.ts';
import type { TemplateFunctions } from './template-function.ts';

/** Evaluates PromQL for a template; rejects with a text for people. */
export type TemplateQuery = (expr: string) => Promise<readonly TemplateSample[]>;

/** What templates of rules are expanded with; time in ms. */
export interface TemplateContext {
  readonly timeMs: number;
  readonly externalUrl: string;
  readonly query: TemplateQuery;
}

/** What is defined before the text of every alert template, without a line of its own. */
export const ALERT_DEFINITIONS = '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';
const CONSTANT_FUNCTIONS: TemplateFunctions = { ...BUILTINS, ...HUMANIZE_FUNCTIONS, ...TEXT_FUNCTIONS };
/** A template asks for few things; one that asks on and on is stopped. */
const MOST_QUERIES = 100;

/** What Prometheus defines for the templates of rules and consoles. */
export function templateFunctions(timeMs: number, externalUrl: string, query: (expr: string) => readonly TemplateSample[]): TemplateFunctions {
  return { ...CONSTANT_FUNCTIONS, ...timeFunctions(timeMs), ...netFunctions(externalUrl), ...queryFunctions(query) };
}

const known = templateFunctions(0, '', () => []);

/** Checks a template of an alerting rule as Prometheus does when it loads it; the offset counts in `text`. */
export function checkAlertTemplate(alertName: string, text: string): TemplateProblem | undefined {
  const parsed = parseTemplate(`__alert_${alertName}`, ALERT_DEFINITIONS + text, (name) => Object.hasOwn(known, name));
  return parsed.ok ? undefined : { ...parsed.error, start: Math.max(0, parsed.error.start - ALERT_DEFINITIONS.length) };
}

/** What an alert's templates see. */
export function alertTemplateData(labels: Readonly<Record<string, string>>, externalLabels: Readonly<Record<string, string>>, externalUrl: string, value: number | string): GoObject {
  return {
    kind: 'object', typeName: 'template.alertData', text: '', methods: NO_VALUES,
    fields: new Map<string, GoValue>([['Labels', goStringMap(labels)], ['ExternalLabels', goStringMap(externalLabels)], ['ExternalURL', externalUrl], ['Value', value]]),
  };
}

/** Says that an answer has to be waited for. */
class PendingQuery extends Error {
  readonly expr: string;

  constructor(expr: string) {
    super(expr);
    this.expr = expr;
  }
}

/**
 * Expands a template. Queries in it are answered by running it again with the answer: templates have no effects, and their evaluation
 * stays synchronous. The error is Prometheus's text.
 */
export async function expandTemplate(name: string, text: string, data: GoValue, context: TemplateContext): Promise<Result<string, string>> {
  if (!text.includes('{{')) return ok(text);
  const answers = new Map<string, readonly TemplateSample[] | TemplateFailure>();
  const functions = templateFunctions(context.timeMs, context.externalUrl, (expr) => {
    const answer = answers.get(expr);
    if (answer === undefined) throw new PendingQuery(expr);
    if (answer instanceof TemplateFailure) throw answer;
    return answer;
  });
  const parsed = parseTemplate(name, text, (wanted) => Object.hasOwn(functions, wanted));
  if (!parsed.ok) return fail(`error parsing template ${name}: ${parsed.error.message}`);
  while (answers.size <= MOST_QUERIES) {
    try {
      const result = executeTemplate(parsed.value, data, { functions, missingKey: 'zero' });
      return result.ok ? result : fail(`error executing template ${name}: ${result.error}`);
    } catch (error) {
      if (!(error instanceof PendingQuery)) throw error;
      answers.set(error.expr, await context.query(error.expr).catch((reason: unknown) => new TemplateFailure(reason instanceof Error ? reason.message : String(reason))));
    }
  }
  return fail(`error executing template ${name}: more than ${MOST_QUERIES} queries`);
}
