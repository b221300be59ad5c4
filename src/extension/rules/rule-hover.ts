import * as vscode from 'vscode';
import { hoverTarget } from '../../rules/editing/hover-text.ts';
import { rangeInFile } from '../../rules/editing/scalar-text.ts';
import { formatLabels, formatNumber } from '../../rules/editing/value-text.ts';
import type { CollectorClient } from '../collector-client.ts';
import { currentValues } from './current-values.ts';
import type { MetricCatalogue } from './metric-catalogue.ts';
import { expressionAt, toRange } from './rule-documents.ts';

/** Rows of values in a hover. */
const MAX_ROWS = 8;

/** What a metric, a function or a part of an expression is, and what it is now. */
export class RuleHover implements vscode.HoverProvider {
  readonly #client: CollectorClient;
  readonly #catalogue: MetricCatalogue;

  constructor(client: CollectorClient, catalogue: MetricCatalogue) {
    this.#client = client;
    this.#catalogue = catalogue;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const found = expressionAt(document, position);
    const target = found && hoverTarget(found.scalar.text, found.offset);
    if (!target) return undefined;
    const markdown = new vscode.MarkdownString();
    if (target.kind === 'function') {
      markdown.appendCodeblock(target.signature, 'promql');
      if (target.maturity !== 'stable') markdown.appendText(`${target.maturity}: not in Prometheus 3.5 without feature flags`);
    } else {
      if (target.kind === 'metric') this.#describe(markdown, target.name);
      await this.#appendValues(markdown, target.query);
    }
    const [start, end] = rangeInFile(found.scalar, target.range.start, target.range.end);
    return new vscode.Hover(markdown, toRange(document, start, end));
  }

  #describe(markdown: vscode.MarkdownString, name: string): void {
    const { families } = this.#catalogue;
    const family = families.get(name) ?? families.get(name.replace(/_(?:total|bucket|count|sum)$/, ''));
    if (!family) return;
    markdown.appendMarkdown('**').appendText(`${name}: ${family.type}`).appendMarkdown('**  \n').appendText(family.help).appendMarkdown('\n\n');
  }

  async #appendValues(markdown: vscode.MarkdownString, query: string): Promise<void> {
    try {
      const values = await currentValues(this.#client, query);
      if (values.length === 0) markdown.appendText('no value now');
      else markdown.appendCodeblock(values.slice(0, MAX_ROWS).map(({ labels, value }) => `${formatLabels(labels)} ${formatNumber(value)}`.trim()).join('\n'), 'text');
      if (values.length > MAX_ROWS) markdown.appendText(`and ${values.length - MAX_ROWS} more series`);
    } catch (error) {
      markdown.appendText(`no value: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
