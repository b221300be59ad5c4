import { labelsFromPairs, METRIC_NAME, type Labels } from '../../model/labels.ts';
import type { Attributes } from '../../model/attributes.ts';
import { formatGoFloat } from '../../base/go-float.ts';
import { attributeText } from './attribute-text.ts';
import { sameNumbers } from './delta-accumulator.ts';
import { prometheusLabelName } from './metric-names.ts';

const SERVICE_NAME = 'service.name';
const SERVICE_NAMESPACE = 'service.namespace';
const SERVICE_INSTANCE_ID = 'service.instance.id';
const IDENTIFYING: ReadonlySet<string> = new Set([SERVICE_NAME, SERVICE_NAMESPACE, SERVICE_INSTANCE_ID]);

/** The labels `job` and `instance` that a resource gives to all of its series. */
export function identityLabels(resource: Attributes): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const service = resource.get(SERVICE_NAME);
  if (service !== undefined) {
    const namespace = resource.get(SERVICE_NAMESPACE);
    labels.set('job', namespace === undefined ? attributeText(service) : `${attributeText(namespace)}/${attributeText(service)}`);
  }
  const instance = resource.get(SERVICE_INSTANCE_ID);
  if (instance !== undefined) labels.set('instance', attributeText(instance));
  return labels;
}

/** The labels of `target_info`; undefined when the resource has nothing more to say than job and instance, or not even these. */
export function targetInfoLabels(resource: Attributes): Labels | undefined {
  const identity = identityLabels(resource);
  const rest = new Map(Array.from(resource).filter(([key]) => !IDENTIFYING.has(key)));
  if (rest.size === 0 || identity.size === 0) return undefined;
  return labelsFromPairs([...attributeLabels(rest), ...identity, [METRIC_NAME, 'target_info']]);
}

/**
 * Attributes as labels (prometheusremotewrite: createAttributes): in the order of their keys, and where two
 * keys become the same name, the values are joined with a semicolon.
 */
export function attributeLabels(attributes: Attributes): Map<string, string> {
  const labels = new Map<string, string>();
  if (attributes.size === 0) return labels;
  const sorted = Array.from(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [key, value] of sorted) {
    const name = prometheusLabelName(key);
    if (name === '') continue;
    const text = attributeText(value);
    const before = labels.get(name);
    labels.set(name, before === undefined ? text : `${before};${text}`);
  }
  return labels;
}

/** The series of one stream of points: built at its first point and handed out as the same objects from then on. */
export class PointLabels {
  readonly #base: readonly (readonly [string, string])[];
  readonly #name: string;
  readonly #suffixed = new Map<string, Labels>();
  #bounds: readonly number[] = [];
  #ofBounds: Labels[] = [];
  #boundsName = '';

  constructor(name: string, attributes: Attributes, identity: ReadonlyMap<string, string>) {
    this.#name = name;
    this.#base = [...attributeLabels(attributes), ...identity];
  }

  /** The series `name + suffix`. */
  named(suffix: '' | '_sum' | '_count'): Labels {
    let labels = this.#suffixed.get(suffix);
    if (!labels) {
      labels = labelsFromPairs([...this.#base, [METRIC_NAME, this.#name + suffix]]);
      this.#suffixed.set(suffix, labels);
    }
    return labels;
  }

  /** The `_bucket` series, one for each bound and a last one for +Inf. */
  buckets(bounds: readonly number[]): readonly Labels[] {
    return this.#bounded(bounds, '_bucket', 'le', true);
  }

  /** The series of a summary's quantiles. */
  quantiles(quantiles: readonly number[]): readonly Labels[] {
    return this.#bounded(quantiles, '', 'quantile', false);
  }

  #bounded(bounds: readonly number[], suffix: string, label: string, withInfinity: boolean): readonly Labels[] {
    if (this.#boundsName === label && sameNumbers(this.#bounds, bounds)) return this.#ofBounds;
    const all = withInfinity ? [...bounds, Infinity] : bounds;
    this.#ofBounds = all.map((bound) =>
      labelsFromPairs([...this.#base, [label, formatGoFloat(bound, 'f')], [METRIC_NAME, this.#name + suffix]]),
    );
    this.#bounds = [...bounds];
    this.#boundsName = label;
    return this.#ofBounds;
  }
}
