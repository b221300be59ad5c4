import type { HealthSnapshot, ProviderHealth, ServiceHealth, TargetHealth } from '../model/health.ts';
import { labelValue } from '../model/labels.ts';
import { errorsOf, keysOf, latencyOf, mainErrorOf, modelsOf, overallP95, successRatioOf } from './assemble.ts';
import type { InstantSample, QueryFunction, QueryRangeFunction } from './query.ts';
import { aggregateBy, sumOfRates } from './query.ts';
import { RateWindow, windowFor } from './rate-window.ts';
import type { Recipe } from './recipe.ts';
import { RECOGNISERS } from './recognisers.ts';
import { originInstance, originJob, originKey, readRecipe, type EntitySignals } from './signals.ts';
import { Sparkline, SPARKLINE_CELLS, SPARKLINE_STEP_MS } from './sparkline.ts';
import { DEFAULT_THRESHOLDS, judge, type Facts, type Thresholds } from './state-rules.ts';
import { STATE_RANK, StateTracker } from './state-tracker.ts';

/** What the evaluator asks its host for. */
export interface HealthOptions {
  readonly query: QueryFunction;
  /** Fills the sparklines with what was there before the collector was started; without it they begin empty. */
  readonly queryRange?: QueryRangeFunction;
  /** The names of all metrics there are: the values of the label `__name__`. */
  readonly metricNames: () => Promise<Iterable<string>>;
  /** The scrape targets as the scraper sees them. */
  readonly targets?: () => readonly TargetHealth[];
  readonly thresholds?: Partial<Thresholds>;
  /** The width of rates; 1 min. */
  readonly windowMs?: number;
}

/** Judges the health of everything that is recognised in the metrics. */
export interface HealthEvaluator {
  /** Times must not go back. Never rejects: what could not be computed is in the snapshot's notes. */
  evaluate(nowMs: number): Promise<HealthSnapshot>;
}

const NAMES_LIFE_MS = 5000;
const FORGET_MS = 15 * 60_000;
const MAX_MODELS = 20;

/** An entity over time. */
interface Tracked {
  readonly id: string;
  readonly kind: 'provider' | 'service';
  readonly system: string;
  readonly name: string;
  readonly recipe: Recipe | undefined;
  readonly tracker: StateTracker;
  readonly sparkline: Sparkline;
  origins: ReadonlySet<string>;
  lastSeenMs: number;
  last: ProviderHealth | ServiceHealth | undefined;
}

/** What one evaluation found out. */
interface Reading {
  readonly nowMs: number;
  /** Origin to whether it answers. */
  readonly up: ReadonlyMap<string, boolean>;
  readonly pushingJobs: ReadonlySet<string>;
  /** The width of rates once there is enough data. */
  readonly windowMs: number;
  readonly failed: ReadonlySet<Recipe>;
}

/** An evaluator with a memory of its own: states, since when, sparklines. */
export function createHealthEvaluator(options: HealthOptions): HealthEvaluator {
  return new Evaluator(options);
}

class Evaluator implements HealthEvaluator {
  readonly #options: HealthOptions;
  readonly #thresholds: Thresholds;
  readonly #tracked = new Map<string, Tracked>();
  readonly #windows = new Map<string, RateWindow>();
  readonly #history = new Map<string, ReadonlyMap<string, readonly (number | null)[]>>();
  #names: { readonly names: ReadonlySet<string>; readonly recipes: readonly Recipe[]; readonly untilMs: number } | undefined;
  #running: Promise<HealthSnapshot> | undefined;
  #last: HealthSnapshot | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#thresholds = { ...DEFAULT_THRESHOLDS, ...options.thresholds };
  }

  evaluate(nowMs: number): Promise<HealthSnapshot> {
    // A slow evaluation is not overtaken by the next one.
    this.#running ??= this.#evaluate(nowMs)
      .catch((error: unknown) => this.#unchanged(nowMs, error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #evaluate(nowMs: number): Promise<HealthSnapshot> {
    const query = (expr: string): Promise<readonly InstantSample[]> => this.#options.query(expr, nowMs);
    const targets = this.#options.targets?.() ?? [];
    const { names, recipes } = await this.#recipes(nowMs);
    const intervalMs = targets.reduce((longest, target) => Math.max(longest, target.intervalMs), 0);
    const fullMs = windowFor(this.#options.windowMs ?? 60_000, intervalMs);
    const [upRows, infoRows] = await Promise.all([
      names.has('up') ? query(aggregateBy('max', ['job', 'instance'], 'up')) : [],
      names.has('target_info') ? query(aggregateBy('count', ['job', 'instance'], 'target_info')) : [],
    ]);
    const up = new Map(upRows.map(({ labels, value }) => [originKey(labels), value > 0]));
    const notes: string[] = [];
    const failed = new Set<Recipe>();
    const found = new Map<string, EntitySignals>();
    const gatewayJobs = new Set<string>();

    const read = async (some: readonly Recipe[]): Promise<void> => {
      const answers = await Promise.all(
        some.map(async (recipe) => {
          try {
            const window = this.#window(recipe);
            const widthMs = await window.widthMs(nowMs, fullMs, intervalMs);
            const answer = await readRecipe(recipe, {
              query,
              windowMs: widthMs,
              isScraped: (origin) => up.has(origin),
              isGateway: (job) => gatewayJobs.has(job),
              maxModels: MAX_MODELS,
            });
            if (answer.entities.size === 0) await window.widen(nowMs, widthMs);
            else await this.#readHistory(recipe, nowMs);
            return { recipe, ...answer };
          } catch (error) {
            failed.add(recipe);
            notes.push(`${recipe.system}: ${error instanceof Error ? error.message : String(error)}`);
            return undefined;
          }
        }),
      );
      for (const answer of answers) {
        if (!answer) continue;
        notes.push(...answer.notes);
        for (const entity of answer.entities.values()) claim(found, entity);
      }
    };
    await read(recipes.filter(({ kind }) => kind === 'provider'));
    for (const { recipe, origins } of found.values()) if (!recipe.isFallback) for (const origin of origins) gatewayJobs.add(originJob(origin));
    await read(recipes.filter(({ kind }) => kind === 'service'));

    const reading: Reading = { nowMs, up, pushingJobs: new Set(infoRows.map(({ labels }) => labelValue(labels, 'job'))), windowMs: fullMs, failed };
    this.#track(reading, found);
    const providers: ProviderHealth[] = [];
    const services: ServiceHealth[] = [];
    for (const entity of this.#tracked.values()) {
      const health = this.#update(reading, entity, found.get(entity.id));
      if (health.kind === 'provider') providers.push(health);
      else services.push(health);
    }
    this.#last = {
      atMs: nowMs,
      providers: providers.sort(worstFirst),
      services: services.sort(worstFirst),
      targets,
      ...overallP95([...found.values()].filter(({ recipe }) => recipe.kind === 'provider')),
      ...(notes.length > 0 ? { notes } : {}),
    };
    return this.#last;
  }

  async #recipes(nowMs: number): Promise<{ readonly names: ReadonlySet<string>; readonly recipes: readonly Recipe[] }> {
    if (this.#names && nowMs < this.#names.untilMs) return this.#names;
    const names = new Set(await this.#options.metricNames());
    const known = new Map((this.#names?.recipes ?? []).map((recipe) => [recipeKey(recipe), recipe]));
    // The same objects as before where nothing changed: entities remember the recipe that found them.
    const recipes = RECOGNISERS.flatMap(({ recognise }) => recognise(names)).map((recipe) => known.get(recipeKey(recipe)) ?? recipe);
    this.#names = { names, recipes, untilMs: nowMs + NAMES_LIFE_MS };
    return this.#names;
  }

  #window(recipe: Recipe): RateWindow {
    const key = recipeKey(recipe);
    let window = this.#windows.get(key);
    if (!window) this.#windows.set(key, (window = new RateWindow(recipe, this.#options.query)));
    return window;
  }

  async #readHistory(recipe: Recipe, nowMs: number): Promise<void> {
    const key = recipeKey(recipe);
    const { queryRange } = this.#options;
    if (!queryRange || !recipe.requests || this.#history.has(key)) return;
    const endMs = Math.floor(nowMs / SPARKLINE_STEP_MS) * SPARKLINE_STEP_MS;
    const startMs = endMs - (SPARKLINE_CELLS - 1) * SPARKLINE_STEP_MS;
    const expr = sumOfRates(recipe.requests.metric, recipe.matchers ?? [], recipe.name, 60_000);
    const rows = await queryRange(expr, startMs, endMs, SPARKLINE_STEP_MS);
    const nameOf = (row: (typeof rows)[number]): string =>
      recipe.fixedName ?? recipe.name.map((label) => labelValue(row.labels, label)).find((value) => value !== '') ?? '';
    this.#history.set(key, new Map(rows.map((row) => [nameOf(row), row.values])));
  }

  /** Makes sure that everything seen now is tracked, and forgets what has been gone for long. */
  #track(reading: Reading, found: ReadonlyMap<string, EntitySignals>): void {
    const { nowMs, up, pushingJobs } = reading;
    for (const [id, { recipe, name }] of found) {
      const known = this.#tracked.get(id);
      if (!known || known.system !== recipe.system) this.#start(nowMs, id, name, recipe, known);
    }
    for (const job of new Set([...[...up.keys()].map(originJob), ...pushingJobs])) {
      if (job !== '' && !this.#tracked.has(`service/${job}`)) this.#start(nowMs, `service/${job}`, job, undefined, undefined);
    }
    for (const [id, entity] of this.#tracked) {
      if (nowMs - entity.lastSeenMs > FORGET_MS || (!found.has(id) && isReplaced(entity, found))) this.#tracked.delete(id);
    }
  }

  #start(nowMs: number, id: string, name: string, recipe: Recipe | undefined, known: Tracked | undefined): void {
    const sparkline = known?.sparkline ?? new Sparkline();
    const history = recipe && this.#history.get(recipeKey(recipe))?.get(name);
    const lastCellMs = Math.floor(nowMs / SPARKLINE_STEP_MS) * SPARKLINE_STEP_MS;
    history?.forEach((value, index) => {
      if (value !== null) sparkline.add(lastCellMs - (history.length - 1 - index) * SPARKLINE_STEP_MS, value);
    });
    this.#tracked.set(id, {
      id,
      kind: recipe?.kind ?? 'service',
      system: recipe?.system ?? 'target',
      name,
      recipe,
      tracker: known?.tracker ?? new StateTracker(),
      sparkline,
      origins: new Set(),
      lastSeenMs: nowMs,
      last: undefined,
    });
  }

  #update(reading: Reading, entity: Tracked, measured: EntitySignals | undefined): ProviderHealth | ServiceHealth {
    const { nowMs } = reading;
    // Its queries failed: that says nothing about it.
    if (entity.recipe && reading.failed.has(entity.recipe) && entity.last) return entity.last;
    if (measured && measured.origins.size > 0) entity.origins = measured.origins;
    const presence = this.#presence(reading, entity, measured);
    // The window still reaches back to before it went down; those rates are not of now.
    const signals = presence.down === undefined ? measured : undefined;
    const latency = signals ? latencyOf(signals.buckets) : {};
    const successRatio = signals && successRatioOf(signals);
    if (presence.isPresent) entity.lastSeenMs = nowMs;
    const facts: Facts = {
      ...presence,
      requestsPerSecond: signals?.requests,
      successRatio,
      p95: latency.p95,
      mainError: signals && mainErrorOf(signals),
      windowMs: signals?.windowMs ?? reading.windowMs,
      isYoung: signals !== undefined && signals.windowMs < reading.windowMs,
      silentSinceMs: presence.isPresent ? undefined : entity.lastSeenMs,
    };
    entity.tracker.update(nowMs, judge(facts, this.#thresholds, entity.tracker.wasActive));
    if (signals?.requests !== undefined) entity.sparkline.add(nowMs, signals.requests);
    const base = {
      id: entity.id,
      name: entity.name,
      system: entity.system,
      state: entity.tracker.state,
      reasons: entity.tracker.reasons,
      sinceMs: entity.tracker.sinceMs,
      lastSeenMs: entity.lastSeenMs,
      sparkline: entity.sparkline.values(nowMs),
      latency,
      ...(signals?.requests === undefined ? {} : { requestsPerSecond: signals.requests }),
      ...(successRatio === undefined ? {} : { successRatio }),
      ...(signals?.inFlight === undefined ? {} : { inFlight: signals.inFlight }),
    };
    const health: ProviderHealth | ServiceHealth =
      entity.kind === 'service'
        ? { kind: 'service', ...base }
        : {
            kind: 'provider',
            ...base,
            models: signals ? modelsOf(signals, MAX_MODELS) : [],
            keys: signals ? keysOf(signals) : [],
            errors: signals ? errorsOf(signals) : [],
          };
    entity.last = health;
    return health;
  }

  /** Whether anything says that the entity is there, and what says that it is not. */
  #presence(reading: Reading, entity: Tracked, signals: EntitySignals | undefined): Pick<Facts, 'down' | 'instancesDown' | 'answers'> & { readonly isPresent: boolean } {
    const isOwn = (origin: string): boolean => entity.origins.has(origin) || (entity.kind === 'service' && originJob(origin) === entity.name);
    const own = [...reading.up].filter(([origin]) => isOwn(origin));
    const down = own.filter(([, isUp]) => !isUp).map(([origin]) => originInstance(origin));
    if (own.length > 0 && down.length === own.length) return { isPresent: false, down: `${down.join(', ')} ${down.length > 1 ? 'do' : 'does'} not answer` };
    if (signals?.isAvailable === false) return { isPresent: true, down: `${signals.recipe.availabilityMetric ?? 'its gauge'} is 0` };
    const isPushing = entity.kind === 'service' && reading.pushingJobs.has(entity.name);
    const isPresent = signals !== undefined || isPushing || (entity.kind === 'service' && own.length > 0);
    return {
      isPresent,
      ...(down.length > 0 ? { instancesDown: { down: down.length, all: own.length } } : {}),
      // A provider that nobody calls may be dead; a service that answers its scrapes is not.
      answers: entity.kind === 'service' && (own.length > 0 || isPushing || signals?.isAvailable === true),
    };
  }

  #unchanged(nowMs: number, error: unknown): HealthSnapshot {
    const last = this.#last ?? { providers: [], services: [], targets: this.#options.targets?.() ?? [] };
    return { ...last, atMs: nowMs, notes: [`health could not be computed: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

/** Takes an entity unless one of that name was found by something more specific. */
function claim(found: Map<string, EntitySignals>, entity: EntitySignals): void {
  const { recipe, name } = entity;
  const id = recipe.kind === 'service' ? `service/${name}` : `provider/${recipe.system}/${name}`;
  const isTaken = found.has(id) || (recipe.isFallback && [...found.values()].some((other) => other.recipe.kind === recipe.kind && other.name === name));
  if (!isTaken) found.set(id, entity);
}

/** Whether something more specific has been found for what a fallback found before. */
function isReplaced(entity: Tracked, found: ReadonlyMap<string, EntitySignals>): boolean {
  if (!entity.recipe?.isFallback) return false;
  return [...found.values()].some(({ recipe, name }) => recipe.kind === entity.kind && name === entity.name);
}

const recipeKey = (recipe: Recipe): string => [recipe.kind, recipe.system, recipe.requests?.metric ?? recipe.availabilityMetric ?? ''].join('/');

const worstFirst = (a: ProviderHealth | ServiceHealth, b: ProviderHealth | ServiceHealth): number =>
  STATE_RANK[b.state] - STATE_RANK[a.state] || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1);
