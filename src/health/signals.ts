import { labelValue, type Labels } from '../model/labels.ts';
import { addBucket, type Buckets } from './quantile.ts';
import { aggregateBy, oneOf, selector, sumOfRates, type InstantSample } from './query.ts';
import type { Recipe } from './recipe.ts';

/** Rates of one model. */
export interface ModelSignals {
  requests: number;
  failures: number;
  /** Set when successes are counted apart. */
  successes: number | undefined;
  readonly buckets: Buckets;
}

/** Rates of one key. */
export interface KeySignals {
  name: string;
  requests: number;
  isUp: boolean | undefined;
  readonly rotations: Map<string, number>;
}

/** What the metrics say about one entity now; rates per second over the window. */
export interface EntitySignals {
  readonly name: string;
  readonly recipe: Recipe;
  /** The width of the rates. */
  readonly windowMs: number;
  /** Undefined when the window holds too few samples for a rate. */
  requests: number | undefined;
  failures: number;
  successes: number | undefined;
  inFlight: number | undefined;
  isAvailable: boolean | undefined;
  readonly buckets: Buckets;
  readonly models: Map<string, ModelSignals>;
  readonly keys: Map<string, KeySignals>;
  readonly errors: Map<string, number>;
  /** Where it was measured, as {@link originKey}. */
  readonly origins: Set<string>;
}

/** What reading a recipe needs to know of its surroundings. */
export interface ReadContext {
  /** Evaluates at the instant of this evaluation. */
  readonly query: (expr: string) => Promise<readonly InstantSample[]>;
  readonly windowMs: number;
  /** The origins that are scraped. */
  readonly isScraped: (origin: string) => boolean;
  readonly isGateway: (job: string) => boolean;
  readonly maxModels: number;
}

/** The signals of a recipe's entities, and what was left out of them. */
export interface RecipeSignals {
  readonly entities: ReadonlyMap<string, EntitySignals>;
  readonly notes: readonly string[];
}

/** A key for the target or program that a series comes from. */
export const originKey = (labels: Labels): string => `${labelValue(labels, 'job')}\uffff${labelValue(labels, 'instance')}`;

/** The job of an {@link originKey}. */
export const originJob = (origin: string): string => origin.slice(0, origin.indexOf('\uffff'));

/** The instance of an {@link originKey}. */
export const originInstance = (origin: string): string => origin.slice(origin.indexOf('\uffff') + 1);

/** Reads one recipe with a few queries, in two rounds: requests first, because they say which models and origins count. */
export async function readRecipe(recipe: Recipe, context: ReadContext): Promise<RecipeSignals> {
  const reader = new RecipeReader(recipe, context);
  await reader.readRequests();
  await Promise.all([reader.readSuccesses(), reader.readFailures(), reader.readLatency(), reader.readGauges(), reader.readKeys()]);
  return { entities: reader.entities, notes: reader.notes };
}

class RecipeReader {
  readonly entities = new Map<string, EntitySignals>();
  readonly notes: string[] = [];
  readonly #recipe: Recipe;
  readonly #context: ReadContext;
  readonly #modelOwner = new Map<string, string>();
  /** Keeps the other queries to the origins that count, where not all do. */
  #originMatchers: readonly string[] = [];

  constructor(recipe: Recipe, context: ReadContext) {
    this.#recipe = recipe;
    this.#context = context;
  }

  async readRequests(): Promise<void> {
    const { requests, name, modelLabels = [], keyLabels, matchers = [] } = this.#recipe;
    if (!requests) return;
    const labels = [...name, ...modelLabels, ...(keyLabels ? [keyLabels.id, keyLabels.name] : []), ...(requests.outcome?.labels ?? []), 'job', 'instance'];
    const rows = await this.#rates(requests.metric, matchers, [...new Set(labels)]);
    for (const { labels: row, value } of this.#withoutPushedTwins(rows)) {
      const entity = this.#entity(row);
      if (!entity) continue;
      const origin = originKey(row);
      entity.origins.add(origin);
      entity.requests = (entity.requests ?? 0) + value;
      const reason = requests.outcome?.classify(row) ?? '';
      const isFailure = reason !== '' && !(this.#recipe.clientErrorsAre && /^4(\d\d|xx)$/i.test(reason) && !this.#context.isGateway(originJob(origin)));
      if (isFailure) this.#addFailure(entity, reason, value);
      const model = this.#model(entity, row);
      if (model) {
        model.requests += value;
        if (isFailure) model.failures += value;
      }
      const key = keyLabels && this.#key(entity, labelValue(row, keyLabels.id), labelValue(row, keyLabels.name));
      if (key) key.requests += value;
    }
  }

  async readSuccesses(): Promise<void> {
    const { successMetric, name, modelLabels = [] } = this.#recipe;
    if (successMetric === undefined) return;
    for (const { labels: row, value } of await this.#rates(successMetric, [], [...name, ...modelLabels])) {
      const entity = this.#entity(row);
      if (!entity) continue;
      entity.successes = (entity.successes ?? 0) + value;
      const model = this.#model(entity, row);
      if (model) model.successes = (model.successes ?? 0) + value;
    }
  }

  async readFailures(): Promise<void> {
    const { failures, name, modelLabels = [] } = this.#recipe;
    if (!failures) return;
    for (const { labels: row, value } of await this.#rates(failures.metric, failures.matchers ?? [], [...name, ...modelLabels, ...failures.reasonLabels])) {
      const entity = this.#entity(row);
      if (!entity || value === 0) continue;
      const reason = failures.reasonLabels.map((label) => labelValue(row, label)).filter((text) => text !== '');
      this.#addFailure(entity, reason.join(' ') || 'error', value);
      const model = this.#model(entity, row);
      if (model) model.failures += value;
    }
  }

  async readLatency(): Promise<void> {
    const { latency, name, modelLabels = [], matchers = [] } = this.#recipe;
    if (!latency) return;
    const metric = `${latency.metric}_bucket`;
    // `model` is the client's to choose: with many of them the buckets of all would be too much to ask for.
    const models = [...this.entities.values()].flatMap((entity) => [...entity.models]).sort((a, b) => b[1].requests - a[1].requests);
    if (modelLabels.length === 0 || models.length <= this.#context.maxModels) {
      this.#addBuckets(await this.#rates(metric, matchers, [...name, ...modelLabels, 'le']), 'both');
      return;
    }
    const top = models.slice(0, this.#context.maxModels).map(([model]) => model);
    const [all, some] = await Promise.all([
      this.#rates(metric, matchers, [...name, 'le']),
      this.#rates(metric, [...matchers, oneOf(modelLabels[0]!, top)], [...name, ...modelLabels, 'le']),
    ]);
    this.#addBuckets(all, 'entities');
    this.#addBuckets(some, 'models');
  }

  async readGauges(): Promise<void> {
    const { inFlightMetrics = [], availabilityMetric, name } = this.#recipe;
    const read = async (aggregation: 'sum' | 'min', metric: string, take: (entity: EntitySignals, value: number) => void): Promise<void> => {
      for (const { labels: row, value } of await this.#context.query(aggregateBy(aggregation, name, selector(metric, this.#originMatchers)))) {
        // A gauge alone makes no entity of something that is measured by its requests.
        const entity = this.#recipe.requests ? this.entities.get(this.#nameOf(row)) : this.#entity(row);
        if (entity) take(entity, value);
      }
    };
    await Promise.all([
      ...inFlightMetrics.map((metric) => read('sum', metric, (entity, value) => (entity.inFlight = (entity.inFlight ?? 0) + value))),
      ...(availabilityMetric === undefined ? [] : [read('min', availabilityMetric, (entity, value) => (entity.isAvailable = value > 0))]),
    ]);
  }

  async readKeys(): Promise<void> {
    const { keyUpMetric, rotations, name } = this.#recipe;
    const labels = [...name, 'key_id', 'key_name'];
    if (keyUpMetric !== undefined) {
      for (const { labels: row, value } of await this.#context.query(aggregateBy('min', labels, selector(keyUpMetric, this.#originMatchers)))) {
        const entity = this.entities.get(this.#nameOf(row));
        const key = entity && this.#key(entity, labelValue(row, 'key_id'), labelValue(row, 'key_name'));
        if (key) key.isUp = value > 0;
      }
    }
    if (!rotations) return;
    for (const { labels: row, value } of await this.#rates(rotations.metric, [], [...labels, rotations.reasonLabel])) {
      const entity = this.entities.get(this.#nameOf(row));
      const key = entity && this.#key(entity, labelValue(row, 'key_id'), labelValue(row, 'key_name'));
      if (!key || value === 0) continue;
      const reason = labelValue(row, rotations.reasonLabel);
      key.rotations.set(reason, (key.rotations.get(reason) ?? 0) + value);
    }
  }

  /** A program that is scraped and pushes the same families would count twice: what is pushed then does not count. */
  #withoutPushedTwins(rows: readonly InstantSample[]): readonly InstantSample[] {
    const scraped = new Set(rows.filter(({ labels }) => this.#context.isScraped(originKey(labels))).map(({ labels }) => this.#nameOf(labels)));
    const kept = rows.filter(({ labels }) => this.#context.isScraped(originKey(labels)) || !scraped.has(this.#nameOf(labels)));
    if (kept.length < rows.length) {
      const instances = [...new Set(kept.map(({ labels }) => labelValue(labels, 'instance')))];
      const jobs = [...new Set(kept.map(({ labels }) => labelValue(labels, 'job')))];
      this.#originMatchers = [oneOf('job', jobs), oneOf('instance', instances)];
      this.notes.push(`${this.#recipe.requests?.metric ?? this.#recipe.system} arrives by scrape and by push: only what is scraped is counted`);
    }
    return kept;
  }

  #rates(metric: string, matchers: readonly string[], labels: readonly string[]): Promise<readonly InstantSample[]> {
    return this.#context.query(sumOfRates(metric, [...matchers, ...this.#originMatchers], labels, this.#context.windowMs));
  }

  #addBuckets(rows: readonly InstantSample[], to: 'both' | 'entities' | 'models'): void {
    const { secondsPerUnit } = this.#recipe.latency!;
    for (const { labels: row, value } of rows) {
      const modelName = this.#modelOf(row);
      const entity = this.entities.get(this.#nameOf(row) || (this.#modelOwner.get(modelName) ?? ''));
      if (!entity) continue;
      const bound = labelValue(row, 'le');
      const scaled = bound === '+Inf' ? bound : String(Number(bound) * secondsPerUnit);
      if (to !== 'models') addBucket(entity.buckets, scaled, value);
      const model = to === 'entities' ? undefined : entity.models.get(modelName);
      if (model) addBucket(model.buckets, scaled, value);
    }
  }

  #addFailure(entity: EntitySignals, reason: string, value: number): void {
    if (value === 0) return;
    entity.failures += value;
    entity.errors.set(reason, (entity.errors.get(reason) ?? 0) + value);
  }

  #nameOf(labels: Labels): string {
    return this.#recipe.fixedName ?? firstValue(labels, this.#recipe.name);
  }

  #modelOf(labels: Labels): string {
    return firstValue(labels, this.#recipe.modelLabels ?? []);
  }

  #entity(labels: Labels): EntitySignals | undefined {
    const name = this.#nameOf(labels);
    if (name === '') return undefined;
    let entity = this.entities.get(name);
    if (!entity) {
      entity = {
        name,
        recipe: this.#recipe,
        windowMs: this.#context.windowMs,
        requests: undefined,
        failures: 0,
        successes: undefined,
        inFlight: undefined,
        isAvailable: undefined,
        buckets: new Map(),
        models: new Map(),
        keys: new Map(),
        errors: new Map(),
        origins: new Set(),
      };
      this.entities.set(name, entity);
    }
    return entity;
  }

  #model(entity: EntitySignals, labels: Labels): ModelSignals | undefined {
    const name = this.#modelOf(labels);
    if (name === '') return undefined;
    this.#modelOwner.set(name, entity.name);
    let model = entity.models.get(name);
    if (!model) entity.models.set(name, (model = { requests: 0, failures: 0, successes: undefined, buckets: new Map() }));
    return model;
  }

  #key(entity: EntitySignals, id: string, name: string): KeySignals | undefined {
    if (id === '') return undefined;
    let key = entity.keys.get(id);
    if (!key) entity.keys.set(id, (key = { name: name || id, requests: 0, isUp: undefined, rotations: new Map() }));
    return key;
  }
}

function firstValue(labels: Labels, names: readonly string[]): string {
  for (const name of names) {
    const value = labelValue(labels, name);
    if (value !== '') return value;
  }
  return '';
}
