import { element, listen } from '../shared/dom.ts';
import { formatNumber } from '../shared/format-number.ts';
import { levelBadge } from './level-badge.ts';
import type { LogPattern } from './model/patterns.ts';

/** What the list of patterns asks for. */
export interface PatternsActions {
  /** Only lines of this pattern, or all but them. */
  filterBy(pattern: LogPattern, isExcluded: boolean): void;
}

/** The patterns of the loaded lines with count and share. */
export interface PatternsView {
  readonly root: HTMLElement;
  update(patterns: readonly LogPattern[], lookedAt: number, locale: string | undefined): void;
}

/** Builds the list. */
export function createPatternsView(actions: PatternsActions): PatternsView {
  const caption = element('caption', {});
  const body = element('tbody', {});
  const table = element(
    'table',
    { class: 'patterns-table' },
    caption,
    element('thead', {}, element('tr', {}, element('th', { scope: 'col', class: 'number' }, 'Lines'), element('th', { scope: 'col', class: 'number' }, 'Share'), element('th', { scope: 'col' }, 'Pattern'), element('th', { scope: 'col' }, element('span', { class: 'visually-hidden' }, 'Actions')))),
    body,
  );
  return {
    root: element('section', { class: 'patterns', 'aria-label': 'Patterns', tabindex: 0 }, table),
    update(patterns, lookedAt, locale) {
      caption.textContent = `Patterns of the newest ${lookedAt.toLocaleString(locale)} lines loaded`;
      body.replaceChildren(
        ...patterns.map((pattern) => {
          const only = element('button', { type: 'button', class: 'link-button pattern-text', title: 'Show only these lines' }, pattern.text);
          const exclude = element('button', { type: 'button', class: 'text-button' }, 'Hide');
          exclude.setAttribute('aria-label', `Hide lines like ${pattern.text}`);
          listen(only, 'click', () => actions.filterBy(pattern, false));
          listen(exclude, 'click', () => actions.filterBy(pattern, true));
          return element(
            'tr',
            {},
            element('td', { class: 'number' }, pattern.count.toLocaleString(locale)),
            element('td', { class: 'number' }, formatNumber(pattern.share, 'ratio', locale)),
            element('td', { class: 'pattern-cell' }, levelBadge(pattern.level), only),
            element('td', {}, exclude),
          );
        }),
      );
    },
  };
}
