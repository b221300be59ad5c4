import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable.ts';
import type { RuleOutline } from '../../rules/editing/rule-outline.ts';
import { exprTextOf } from '../../rules/editing/rule-timing.ts';
import { formatNumber } from '../../rules/editing/value-text.ts';
import { formatAge } from '../format.ts';
import type { CurrentValue } from './current-values.ts';
import { outlineOf, toRange } from './rule-documents.ts';
import { BACKTEST_MS, type RuleEvaluation, type RuleEvaluations } from './rule-evaluations.ts';

const REFRESH_MS = 10_000;
const ICONS: Readonly<Record<RuleEvaluation['state'], string>> = { inactive: '$(pass)', pending: '$(clock)', firing: '$(bell)' };

/** Lenses above each rule: its state and value, what it would have done, and the preview. */
export class RuleCodeLens implements vscode.CodeLensProvider<RuleLens>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<void>());
  readonly #evaluations: RuleEvaluations;

  readonly onDidChangeCodeLenses = this.#changes.event;

  constructor(evaluations: RuleEvaluations) {
    this.#evaluations = evaluations;
    const timer = setInterval(() => vscode.window.visibleTextEditors.some(({ document }) => outlineOf(document)) && this.#changes.fire(), REFRESH_MS);
    this.#store.add(toDisposable(() => clearInterval(timer)));
  }

  provideCodeLenses(document: vscode.TextDocument): RuleLens[] {
    return (outlineOf(document)?.rules ?? []).flatMap((rule) => {
      if (exprTextOf(rule) === '') return [];
      const kinds = rule.kind === 'alert' ? (['now', 'history', 'preview'] as const) : (['now', 'preview'] as const);
      return kinds.map((kind) => new RuleLens(toRange(document, rule.range.start, rule.range.start), kind, rule, document.uri));
    });
  }

  async resolveCodeLens(lens: RuleLens): Promise<RuleLens> {
    const preview = { command: 'sightline.previewRule', arguments: [lens.uri.toString(), lens.rule.range.start] };
    if (lens.kind === 'preview') {
      lens.command = { ...preview, title: '$(graph-line) Preview in chart', tooltip: 'The expression, its threshold and the states of the last hour, beside the text' };
      return lens;
    }
    try {
      const evaluation = await this.#evaluations.evaluate(lens.rule);
      lens.command = lens.kind === 'now' ? { command: '', title: nowText(lens.rule, evaluation) } : { ...preview, title: historyText(evaluation) };
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
      lens.command = { command: '', title: lens.kind === 'now' ? `$(question) ${reason}` : 'no history' };
    }
    return lens;
  }

  dispose(): void {
    this.#store.dispose();
  }
}

class RuleLens extends vscode.CodeLens {
  readonly kind: 'now' | 'history' | 'preview';
  readonly rule: RuleOutline;
  readonly uri: vscode.Uri;

  constructor(range: vscode.Range, kind: RuleLens['kind'], rule: RuleOutline, uri: vscode.Uri) {
    super(range);
    this.kind = kind;
    this.rule = rule;
    this.uri = uri;
  }
}

function nowText({ kind }: RuleOutline, { values, state }: RuleEvaluation): string {
  if (kind === 'record') return values.length === 0 ? '$(circle-slash) no value now' : `$(pulse) ${valuesText(values)}`;
  return values.length === 0 ? `${ICONS.inactive} inactive` : `${ICONS[state]} ${state}: ${valuesText(values)}`;
}

function valuesText(values: readonly CurrentValue[]): string {
  const numbers = values.map(({ value }) => value);
  const [only = Number.NaN] = numbers;
  return numbers.length === 1 ? formatNumber(only) : `${numbers.length} series, ${formatNumber(Math.min(...numbers))} to ${formatNumber(Math.max(...numbers))}`;
}

function historyText({ summary: { firings, longestMs } }: RuleEvaluation): string {
  const hour = `in the last ${formatAge(BACKTEST_MS)}`;
  if (firings === 0) return `would not have fired ${hour}`;
  return `would have fired ${firings === 1 ? 'once' : `${firings} times`} ${hour}, longest ${formatAge(longestMs)}`;
}
