import { labelValue } from '../../model/labels.ts';
import type { Matcher } from '../../model/series-source.ts';
import type { Postings } from './postings.ts';
import type { Series } from './series.ts';

/**
 * The series that satisfy all matchers, ascending by slot. The matcher with the fewest series is read from the postings,
 * the others are asked about those series only, once for each distinct value. A matcher that accepts '' also accepts
 * series without the label, so it can only filter.
 */
export function matchSeries(postings: Postings, all: () => readonly Series[], matchers: readonly Matcher[]): readonly Series[] {
  let best: Candidates | undefined;
  let bestMatcher: Matcher | undefined;
  for (const matcher of matchers) {
    if (matcher.matches('')) continue;
    const candidates = candidatesOf(postings, matcher);
    if (candidates.total === 0) return [];
    if (best === undefined || candidates.total < best.total) {
      best = candidates;
      bestMatcher = matcher;
    }
  }
  let found = best === undefined ? all() : merge(best.lists);
  for (const matcher of matchers) if (matcher !== bestMatcher) found = filter(found, matcher);
  return found;
}

interface Candidates {
  readonly lists: readonly (readonly Series[])[];
  readonly total: number;
}

function candidatesOf(postings: Postings, matcher: Matcher): Candidates {
  const exact = matcher.type === '=' ? [matcher.value] : matcher.type === '=~' ? matcher.literals : undefined;
  const lists: (readonly Series[])[] = [];
  let total = 0;
  if (exact !== undefined) {
    for (const value of new Set(exact)) {
      const list = postings.get(matcher.name, value);
      if (list.length > 0) lists.push(list);
      total += list.length;
    }
  } else {
    for (const [value, list] of postings.values(matcher.name)) {
      if (!matcher.matches(value)) continue;
      lists.push(list);
      total += list.length;
    }
  }
  return { lists, total };
}

/** Lists of different values of one label share no series. */
function merge(lists: readonly (readonly Series[])[]): readonly Series[] {
  if (lists.length === 1) return lists[0]!;
  return lists.flat().sort((a, b) => a.slot - b.slot);
}

function filter(found: readonly Series[], matcher: Matcher): readonly Series[] {
  const verdicts = new Map<string, boolean>();
  return found.filter(({ labels }) => {
    const value = labelValue(labels, matcher.name);
    let verdict = verdicts.get(value);
    if (verdict === undefined) verdicts.set(value, (verdict = matcher.matches(value)));
    return verdict;
  });
}
