import { element, setText } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/format-number.ts';
import type { TraceDocument } from '../model/trace-document.ts';

/** The card beside the pointer: what a row is, in a few lines. */
export class HoverCard {
  readonly root = element('div', { class: 'hover-card', role: 'tooltip', hidden: true });
  readonly #title = element('strong');
  readonly #lines = element('div', { class: 'hover-lines' });

  constructor() {
    this.root.append(this.#title, this.#lines);
  }

  /** `item` as rows have it: a span's place, or -1 - a fold's. */
  show(trace: TraceDocument, item: number, locale: string | undefined, clientX: number, clientY: number): void {
    const { title, lines } = item < 0 ? foldLines(trace, -1 - item, locale) : spanLines(trace, item, locale);
    setText(this.#title, title);
    setText(this.#lines, lines.join('\n'));
    this.root.hidden = false;
    const { offsetWidth, offsetHeight } = this.root;
    const left = Math.max(4, Math.min(clientX + 14, window.innerWidth - offsetWidth - 4));
    const isBelow = clientY + 18 + offsetHeight < window.innerHeight;
    this.root.style.left = `${String(left)}px`;
    this.root.style.top = `${String(Math.max(4, isBelow ? clientY + 18 : clientY - offsetHeight - 10))}px`;
  }

  hide(): void {
    this.root.hidden = true;
  }
}

const seconds = (nano: number, locale: string | undefined): string => formatNumber(nano / 1e9, 'seconds', locale);

function spanLines(trace: TraceDocument, place: number, locale: string | undefined): { title: string; lines: string[] } {
  const { tree, details, selfNs, whole } = trace;
  const span = tree.spans[place]!;
  const detail = details[place]!;
  const below = tree.end[place]! - place - 1;
  return {
    title: `${span.service}  ${span.name}`,
    lines: [
      `${seconds(span.durationNs, locale)}, of which ${seconds(selfNs[place]!, locale)} itself`,
      `starts after ${seconds(tree.startNs[place]! - whole.fromNs, locale)}`,
      ...(span.isError ? [`failed${detail.statusMessage === '' ? '' : `: ${detail.statusMessage}`}`] : []),
      ...(below > 0 ? [`${String(below)} spans below`] : []),
      ...(tree.shiftNs[place] === 0 ? [] : [`clock corrected by ${seconds(tree.shiftNs[place]!, locale)}`]),
      ...(tree.isOrphan[place] === 1 ? ['its parent was not received'] : []),
    ],
  };
}

function foldLines(trace: TraceDocument, fold: number, locale: string | undefined): { title: string; lines: string[] } {
  const { prefix, count, service, totalNs, from, errors } = trace.folds[fold]!;
  const names = new Set<string>();
  for (let at = from; at < trace.folds[fold]!.to && names.size < 8; at = trace.tree.end[at]!) names.add(trace.tree.spans[at]!.name);
  return {
    title: `${service}  ${prefix} …`,
    lines: [`${String(count)} spans alike, ${seconds(totalNs, locale)} together${errors > 0 ? `, ${String(errors)} failed` : ''}`, ...names, ...(names.size < count ? ['…'] : [])],
  };
}
