import * as vscode from 'vscode';
import { functionSignatures } from '../../promql/function-signatures.ts';
import { RULE_FIELDS } from '../../rules/editing/check-rule-file.ts';
import { completionPlace, type CompletionPlace } from '../../rules/editing/completion-place.ts';
import { rangeInFile, type ScalarText } from '../../rules/editing/scalar-text.ts';
import type { MetricCatalogue } from './metric-catalogue.ts';
import { expressionAt, outlineOf } from './rule-documents.ts';

const DURATIONS = ['30s', '1m', '2m', '5m', '10m', '15m', '30m', '1h', '6h', '1d'];
const AGGREGATIONS = ['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar', 'topk', 'bottomk', 'count_values', 'quantile'];
const WORDS = ['by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'and', 'or', 'unless', 'offset', 'bool'];
/** What a template may name (prometheus/template: the variables of annotations and labels). */
const TEMPLATE_WORDS = ['$labels.', '$value', '$externalLabels.', 'humanize', 'humanize1024', 'humanizeDuration', 'humanizePercentage', 'humanizeTimestamp', 'printf', 'query', 'first', 'value', 'title', 'toUpper', 'toLower'];

/** Completion in rule files: PromQL inside `expr`, durations, templates, and the fields of a rule. */
export class RuleCompletion implements vscode.CompletionItemProvider {
  static readonly triggers: readonly string[] = ['{', '(', '[', '"', "'", ',', '=', '~', ':', '$', ' '];
  readonly #catalogue: MetricCatalogue;

  constructor(catalogue: MetricCatalogue) {
    this.#catalogue = catalogue;
  }

  async provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]> {
    const outline = outlineOf(document);
    if (!outline) return [];
    const line = document.lineAt(position).text.slice(0, position.character);
    if (/\{\{(?:(?!\}\}).)*$/.test(line)) return TEMPLATE_WORDS.map((word) => item(word, vscode.CompletionItemKind.Variable, 'template', templateRange(position, line)));
    if (/^\s+(?:for|keep_firing_for|interval|query_offset)\s*:\s*\w*$/.test(line)) return DURATIONS.map((word, index) => item(word, vscode.CompletionItemKind.Value, 'duration', undefined, index));
    const found = expressionAt(document, position);
    if (found) return this.#inExpression(document, position, found.scalar, found.offset);
    // An expression that has not begun is no scalar yet.
    if (/^\s+(?:-\s+)?expr\s*:\s*[\w:]*$/.test(line)) return this.#expressionItems(undefined);
    return /^\s+(?:-\s+)?\w*$/.test(line) ? RULE_FIELDS.map((name) => item(name, vscode.CompletionItemKind.Property, 'rule', undefined, 0, `${name}: `)) : [];
  }

  async #inExpression(document: vscode.TextDocument, position: vscode.Position, scalar: ScalarText, offset: number): Promise<vscode.CompletionItem[]> {
    const place = completionPlace(scalar.text, offset);
    if (place.kind === 'none') return [];
    const [start] = rangeInFile(scalar, place.start, place.start);
    const from = document.positionAt(start);
    const range = from.line === position.line && from.isBefore(position) ? new vscode.Range(from, position) : new vscode.Range(position, position);
    return this.#itemsOf(place, range);
  }

  async #itemsOf(place: CompletionPlace, range: vscode.Range): Promise<vscode.CompletionItem[]> {
    switch (place.kind) {
      case 'none': return [];
      case 'duration': return DURATIONS.map((word, index) => item(word, vscode.CompletionItemKind.Value, 'duration', range, index));
      case 'label': return (await this.#catalogue.labels(place.metric).catch(() => [])).filter((name) => name !== '__name__').map((name) => item(name, vscode.CompletionItemKind.Field, 'label', range));
      case 'value': return (await this.#catalogue.values(place.metric, place.label).catch(() => [])).map((name) => item(name, vscode.CompletionItemKind.EnumMember, place.label, range));
      case 'expression': return this.#expressionItems(range);
    }
  }

  #expressionItems(range: vscode.Range | undefined): vscode.CompletionItem[] {
    const { families, facts } = this.#catalogue;
    const metrics = [...(facts.names ?? [])].map((name) => {
      const family = families.get(name) ?? families.get(name.replace(/_(?:total|bucket|count|sum)$/, ''));
      const metric = item(name, vscode.CompletionItemKind.Variable, family?.type ?? 'metric', range, 0);
      if (family) metric.documentation = family.help;
      return metric;
    });
    const calls = [...functionSignatures.values()].map(({ name, maturity }) => item(name, vscode.CompletionItemKind.Function, maturity === 'stable' ? 'function' : `function, ${maturity}`, range, 1));
    return [
      ...metrics, ...calls,
      ...AGGREGATIONS.map((name) => item(name, vscode.CompletionItemKind.Operator, 'aggregation', range, 1)),
      ...WORDS.map((name) => item(name, vscode.CompletionItemKind.Keyword, 'keyword', range, 2)),
    ];
  }
}

function item(label: string, kind: vscode.CompletionItemKind, detail: string, range?: vscode.Range, order = 0, insertText = label): vscode.CompletionItem {
  const result = new vscode.CompletionItem(label, kind);
  result.detail = detail;
  result.sortText = `${String(order).padStart(2, '0')}${label}`;
  result.insertText = insertText;
  if (range) result.range = range;
  return result;
}

const templateRange = (position: vscode.Position, line: string): vscode.Range => new vscode.Range(position.translate(0, -(/[$\w.]*$/.exec(line)?.[0].length ?? 0)), position);
