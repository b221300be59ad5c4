import type { LogLevelName } from '../../src/protocol/logs.ts';
import { element, icon } from '../shared/dom.ts';
import { LEVELS } from './model/level.ts';

/** A level by icon, word and colour. */
export function levelBadge(level: LogLevelName): HTMLElement {
  const { icon: name, word } = LEVELS[level];
  return element('span', { class: `level level-${level}` }, icon(name), element('span', { class: 'level-word' }, word));
}

/** Turns a badge into one of another level. */
export function setLevelBadge(badge: HTMLElement, level: LogLevelName): void {
  const { icon: name, word } = LEVELS[level];
  badge.className = `level level-${level}`;
  const [glyph, text] = badge.children;
  if (glyph) glyph.className = `codicon codicon-${name}`;
  if (text) text.textContent = word;
}
