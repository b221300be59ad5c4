import type { GridSeries } from '../../protocol/rpc.ts';
import type { AlertHistory } from '../../rules/editing/backtest.ts';
import { summarise } from '../../rules/editing/backtest.ts';
import { formatLabels, formatNumber } from '../../rules/editing/value-text.ts';
import { formatAge } from '../format.ts';

/** What the preview of a rule shows. Times in Unix ms. */
export interface PreviewData {
  readonly title: string;
  readonly expr: string;
  readonly series: readonly GridSeries[];
  readonly histories: readonly AlertHistory[];
  /** A recording rule never fires. */
  readonly isAlert: boolean;
  readonly threshold: number | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  /** Stands where the chart would be. */
  readonly error: string | undefined;
}

const WIDTH = 900;
const HEIGHT = 260;
const COLOURS = ['blue', 'red', 'yellow', 'green', 'purple', 'orange'];
/** More lines than anyone tells apart. */
const MAX_SERIES = 24;

/** The page: a chart with the threshold, a strip of states for each alert, and both as tables. It runs no script. */
export function previewPage(data: PreviewData, nonce: string, locale: string): string {
  const body = data.error === undefined ? [chart(data, locale), strips(data, locale), tables(data, locale)].join('\n') : `<p role="alert">${escape(data.error)}</p>`;
  return `<!DOCTYPE html><html lang="${escape(locale)}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>${escape(data.title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body><h1>${escape(data.title)}</h1><pre>${escape(data.expr)}</pre>
${body}</body></html>`;
}

function chart({ series, threshold, startMs, endMs, stepMs }: PreviewData, locale: string): string {
  const shown = series.slice(0, MAX_SERIES);
  const numbers = shown.flatMap(({ values }) => values.filter((value): value is number => value !== null && Number.isFinite(value)));
  if (numbers.length === 0) return '<p>The expression has had no value in this time.</p>';
  const all = threshold === undefined ? numbers : [...numbers, threshold];
  const low = all.reduce((a, b) => Math.min(a, b), 0);
  const high = all.reduce((a, b) => Math.max(a, b), low);
  const span = high - low || 1;
  const x = (timeMs: number): string => (((timeMs - startMs) / (endMs - startMs)) * WIDTH).toFixed(1);
  const y = (value: number): string => (HEIGHT - ((value - low) / span) * (HEIGHT - 8) - 4).toFixed(1);
  const lines = shown.map(({ labels, values }, index) => `<path class="line ${COLOURS[index % COLOURS.length] ?? ''}" d="${pathOf(values, (i) => x(startMs + i * stepMs), y)}"><title>${escape(formatLabels(labels))}</title></path>`);
  const limit = threshold === undefined ? '' : `<line class="threshold" x1="0" x2="${WIDTH}" y1="${y(threshold)}" y2="${y(threshold)}"><title>threshold ${formatNumber(threshold)}</title></line>`;
  const more = series.length > MAX_SERIES ? `<p>${series.length - MAX_SERIES} more series are not drawn.</p>` : '';
  return `<div class="scale"><span>${formatNumber(high)}</span><span>${threshold === undefined ? '' : `threshold ${formatNumber(threshold)}`}</span></div>
<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="values of the expression, in the table below">${lines.join('')}${limit}</svg>
<div class="scale"><span>${clock(startMs, locale)}</span><span>lowest ${formatNumber(low)}</span><span>${clock(endMs, locale)}</span></div>${more}`;
}

/** A line with gaps where there is no value; a value alone is a short stroke. */
function pathOf(values: readonly (number | null)[], x: (index: number) => string, y: (value: number) => string): string {
  let path = '';
  let isOpen = false;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) isOpen = false;
    else {
      path += isOpen ? `L${x(index)} ${y(value)}` : `M${x(index)} ${y(value)}h.5`;
      isOpen = true;
    }
  });
  return path;
}

function strips({ histories, startMs, endMs, isAlert }: PreviewData, locale: string): string {
  if (!isAlert) return '';
  const { firings, longestMs } = summarise(histories);
  const words = firings === 0 ? 'Would not have fired' : `Would have fired ${firings === 1 ? 'once' : `${firings} times`}, longest ${formatAge(longestMs)}`;
  const rows = histories.slice(0, MAX_SERIES).map(({ labels, phases }) => {
    const parts = phases.map(({ state, startMs: from, endMs: to }) => {
      const left = ((from - startMs) / (endMs - startMs)) * WIDTH;
      const width = Math.max(2, ((to - from) / (endMs - startMs)) * WIDTH);
      return `<rect class="${state}" x="${left.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="12"><title>${state} ${clock(from, locale)} to ${clock(to, locale)}</title></rect>`;
    });
    return `<div class="labels">${escape(formatLabels(labels)) || '{}'}</div><svg class="strip" viewBox="0 0 ${WIDTH} 12" preserveAspectRatio="none" role="img" aria-label="states, in the table below"><rect class="inactive" width="${WIDTH}" height="12"/>${parts.join('')}</svg>`;
  });
  return `<h2>${escape(words)} in the last ${formatAge(endMs - startMs)}</h2><p class="key"><span class="inactive">inactive</span><span class="pending">pending</span><span class="firing">firing</span></p>${rows.join('')}`;
}

function tables({ histories, series }: PreviewData, locale: string): string {
  const phases = histories.flatMap(({ labels, phases: list }) => list.map((phase) => `<tr><td>${escape(formatLabels(labels))}</td><td>${phase.state}</td><td>${clock(phase.startMs, locale)}</td><td>${formatAge(phase.endMs - phase.startMs)}</td></tr>`));
  const history = phases.length === 0 ? '' : `<h2>States</h2><table><tr><th>Alert</th><th>State</th><th>From</th><th>For</th></tr>${phases.slice(0, 200).join('')}</table>`;
  const rows = series.slice(0, MAX_SERIES).map(({ labels, values }) => {
    const last = values.findLast((value) => value !== null);
    return `<tr><td>${escape(formatLabels(labels)) || '{}'}</td><td class="number">${last === undefined ? 'no value' : formatNumber(last)}</td></tr>`;
  });
  return `${history}<h2>Values</h2><table><tr><th>Series</th><th>Last</th></tr>${rows.join('')}</table>`;
}

const clock = (timeMs: number, locale: string): string => new Date(timeMs).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `
body{font:var(--vscode-font-size) var(--vscode-font-family);color:var(--vscode-foreground);padding:8px 16px;max-width:1000px}
h1{font-size:1.2em;font-weight:600}h2{font-size:1em;font-weight:600;margin:16px 0 4px}
pre{font-family:var(--vscode-editor-font-family);white-space:pre-wrap;color:var(--vscode-descriptionForeground)}
.chart{width:100%;height:260px;border-bottom:1px solid var(--vscode-charts-lines)}
.line{fill:none;stroke-width:1.5;vector-effect:non-scaling-stroke}
.blue{stroke:var(--vscode-charts-blue)}.red{stroke:var(--vscode-charts-red)}.yellow{stroke:var(--vscode-charts-yellow)}
.green{stroke:var(--vscode-charts-green)}.purple{stroke:var(--vscode-charts-purple)}.orange{stroke:var(--vscode-charts-orange)}
.threshold{stroke:var(--vscode-errorForeground);stroke-dasharray:6 4;vector-effect:non-scaling-stroke}
.scale{display:flex;justify-content:space-between;color:var(--vscode-descriptionForeground);font-variant-numeric:tabular-nums}
.strip{width:100%;height:12px}.labels{font-family:var(--vscode-editor-font-family);margin-top:6px}
rect.inactive{fill:var(--vscode-charts-lines)}rect.pending{fill:var(--vscode-charts-yellow)}rect.firing{fill:var(--vscode-charts-red)}
.key span{margin-right:16px;padding-left:8px;border-left:8px solid}
.key .inactive{border-color:var(--vscode-charts-lines)}.key .pending{border-color:var(--vscode-charts-yellow)}.key .firing{border-color:var(--vscode-charts-red)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:2px 12px 2px 0}td{font-variant-numeric:tabular-nums}.number{text-align:right}`;
