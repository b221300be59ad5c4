import { METRIC_NAME, type Labels } from '../../model/labels.ts';
import { dropLabels, keepLabels } from '../eval/label-sets.ts';
import type { AggregatePlan } from '../plan.ts';

/** Where the label texts on the way here lead; `group` is -1 when no group ends here. */
interface Node {
  readonly next: Map<string, Node>;
  group: number;
}

const createNode = (): Node => ({ next: new Map(), group: -1 });

/**
 * Numbers the groups of an aggregation in the order they first appear. Groups are found by walking from label text to label
 * text: these are the same strings in all series of a store and know their hashes, while a key made of them would be new each time.
 */
export class GroupIndex {
  readonly #names: string[];
  readonly #without: boolean;
  readonly #root = createNode();
  /** Where each name was last found: series of one metric have their labels at the same places. */
  readonly #places: number[];
  #count = 0;

  constructor(plan: Pick<AggregatePlan, 'grouping' | 'without'>) {
    this.#without = plan.without;
    this.#names = plan.without ? [...plan.grouping, METRIC_NAME] : [...plan.grouping];
    this.#places = this.#names.map(() => 0);
  }

  get count(): number {
    return this.#count;
  }

  /** The number of the group that labels belong to; equal to the old count when it is new. */
  of(labels: Labels): number {
    const node = this.#without ? this.#nodeWithout(labels) : this.#nodeBy(labels);
    if (node.group < 0) node.group = this.#count++;
    return node.group;
  }

  /** The labels of the group that `labels` belong to. */
  labelsOf(labels: Labels): Labels {
    return this.#without ? dropLabels(labels, this.#names) : keepLabels(labels, this.#names);
  }

  #nodeBy(labels: Labels): Node {
    let node = this.#root;
    for (let n = 0; n < this.#names.length; n++) node = step(node, this.#valueOf(labels, n));
    return node;
  }

  #nodeWithout(labels: Labels): Node {
    let node = this.#root;
    for (let i = 0; i < labels.length; i += 2) {
      if (!this.#names.includes(labels[i]!)) node = step(step(node, labels[i]!), labels[i + 1]!);
    }
    return node;
  }

  /** The value of the label with the n-th name, '' without it. */
  #valueOf(labels: Labels, n: number): string {
    const name = this.#names[n]!;
    const place = this.#places[n]!;
    if (place < labels.length && labels[place] === name) return labels[place + 1]!;
    for (let i = 0; i < labels.length; i += 2) {
      if (labels[i] !== name) continue;
      this.#places[n] = i;
      // The same text as the series have it: the next comparison is one of addresses.
      this.#names[n] = labels[i]!;
      return labels[i + 1]!;
    }
    return '';
  }
}

function step(node: Node, text: string): Node {
  let next = node.next.get(text);
  if (next === undefined) node.next.set(text, (next = createNode()));
  return next;
}
