import { METRIC_NAME, type Labels } from '../../model/labels.ts';
import { dropLabels, keepLabels, keyOf, keyWithout } from '../eval/label-sets.ts';
import type { AggregatePlan } from '../plan.ts';

/** Numbers the groups of an aggregation in the order they first appear. */
export class GroupIndex {
  readonly #names: readonly string[];
  readonly #without: boolean;
  readonly #byKey = new Map<string, number>();
  #count = 0;

  constructor(plan: Pick<AggregatePlan, 'grouping' | 'without'>) {
    this.#without = plan.without;
    this.#names = plan.without ? [...plan.grouping, METRIC_NAME] : plan.grouping;
  }

  get count(): number {
    return this.#count;
  }

  /** The number of the group that labels belong to; equal to the old count when it is new. */
  of(labels: Labels): number {
    const key = this.#without ? keyWithout(labels, this.#names) : keyOf(labels, this.#names);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, this.#count);
    return this.#count++;
  }

  /** The labels of the group that `labels` belong to. */
  labelsOf(labels: Labels): Labels {
    return this.#without ? dropLabels(labels, this.#names) : keepLabels(labels, this.#names);
  }
}
