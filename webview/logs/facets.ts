import type { LogLevelName } from '../../src/protocol/logs.ts';
import { LOG_LEVEL_NAMES } from '../../src/protocol/logs-panel.ts';
import { element, listen, setText } from '../shared/dom.ts';
import { formatNumber } from '../shared/format-number.ts';
import { levelBadge } from './level-badge.ts';

/** Values with their counts, and which are chosen. */
export interface FacetsView {
  readonly levelTotals: ReadonlyMap<LogLevelName, number>;
  readonly levels: readonly LogLevelName[];
  /** Counts of whole stored blocks: somewhat too high at the ends of the range. */
  readonly serviceCounts: ReadonlyMap<string, number>;
  readonly services: readonly string[];
  readonly locale: string | undefined;
}

/** What the facets ask for. */
export interface FacetsActions {
  setLevels(levels: readonly LogLevelName[]): void;
  setServices(services: readonly string[]): void;
}

/** The level and service facets with counts; several of each can be chosen. */
export interface Facets {
  readonly root: HTMLElement;
  update(view: FacetsView): void;
}

/** Builds the facets. */
export function createFacets(actions: FacetsActions): Facets {
  const levels = element('div', { class: 'facet-values' });
  const services = element('div', { class: 'facet-values' });
  const root = element(
    'aside',
    { class: 'facets', 'aria-label': 'Facets' },
    element('fieldset', {}, element('legend', {}, 'Level'), levels),
    element('fieldset', {}, element('legend', {}, 'Service'), services),
  );
  let view: FacetsView | undefined;

  const levelBoxes = new Map<string, FacetBox>();
  const serviceBoxes = new Map<string, FacetBox>();
  function update(next: FacetsView): void {
    view = next;
    const shownLevels = LOG_LEVEL_NAMES.filter((level) => (next.levelTotals.get(level) ?? 0) > 0 || next.levels.includes(level));
    fill(levels, levelBoxes, shownLevels, (level) => facetBox(levelBadge(level), level, (isOn) => view && actions.setLevels(toggled(view.levels, level, isOn))));
    for (const level of shownLevels) levelBoxes.get(level)?.update(next.levels.includes(level), next.levelTotals.get(level) ?? 0, '', next.locale);
    const shownServices = [...new Set([...next.serviceCounts.keys(), ...next.services])].sort((a, b) => (next.serviceCounts.get(b) ?? 0) - (next.serviceCounts.get(a) ?? 0) || a.localeCompare(b));
    fill(services, serviceBoxes, shownServices, (name) => facetBox(element('span', { class: 'facet-name', title: name }, name), name, (isOn) => view && actions.setServices(toggled(view.services, name, isOn))));
    for (const name of shownServices) serviceBoxes.get(name)?.update(next.services.includes(name), next.serviceCounts.get(name) ?? 0, '~', next.locale);
  }
  return { root, update };
}

interface FacetBox {
  readonly root: HTMLElement;
  update(isOn: boolean, count: number, prefix: string, locale: string | undefined): void;
}

function facetBox(label: HTMLElement, value: string, toggle: (isOn: boolean) => void): FacetBox {
  const box = element('input', { type: 'checkbox', 'data-value': value });
  const count = element('span', { class: 'facet-count' });
  listen(box, 'change', () => toggle(box.checked));
  return {
    root: element('label', { class: 'facet' }, box, label, count),
    update(isOn, number, prefix, locale) {
      box.checked = isOn;
      setText(count, number === 0 ? '0' : `${prefix}${formatNumber(number, 'count', locale).trim()}`);
      count.title = prefix === '' ? `${number.toLocaleString(locale)} lines` : `About ${number.toLocaleString(locale)} lines, without the filter`;
    },
  };
}

/** Keeps the elements that are still wanted, so that focus stays, and the order. */
function fill<T extends string>(root: HTMLElement, boxes: Map<string, FacetBox>, wanted: readonly T[], create: (value: T) => FacetBox): void {
  for (const [value, box] of boxes) {
    if (wanted.some((name) => name === value)) continue;
    box.root.remove();
    boxes.delete(value);
  }
  wanted.forEach((value, at) => {
    let box = boxes.get(value);
    if (!box) boxes.set(value, (box = create(value)));
    // Moving an element takes its focus away.
    if (root.children[at] !== box.root && !box.root.contains(document.activeElement)) root.insertBefore(box.root, root.children[at] ?? null);
  });
}

const toggled = <T>(values: readonly T[], value: T, isOn: boolean): readonly T[] => (isOn ? [...values.filter((other) => other !== value), value] : values.filter((other) => other !== value));
