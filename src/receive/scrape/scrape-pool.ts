import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Labels } from '../../model/labels.ts';
import { FileDiscoverer, type FileDiscoveryProblem } from './file-discovery.ts';
import { ScrapeClient } from './scrape-client.ts';
import type { ScrapeConfig } from './scrape-config.ts';
import { ScrapeLoop, type ScrapeLoopContext, type ScrapeState } from './scrape-loop.ts';
import { scrapeTargetSpec } from './scrape-appender.ts';
import { resolveTargets, type ResolvedTargets } from './target-labels.ts';

/** What a pool needs from its manager. */
export interface ScrapePoolContext extends Omit<ScrapeLoopContext, 'client' | 'refusal'> {
  /** Called with the loop of a target that is gone (already disposed). */
  readonly onRemoved: (loop: ScrapeLoop) => void;
  /** Called before a target's loop starts. */
  readonly onAdded: (id: string) => void;
}

/** The targets of one scrape config. */
export class ScrapePool implements Disposable {
  readonly config: ScrapeConfig;
  readonly #context: ScrapePoolContext;
  readonly #disposables = new DisposableStore();
  readonly #client: ScrapeClient;
  readonly #discoverers: readonly FileDiscoverer[];
  readonly #loops = new Map<string, ScrapeLoop>();
  #resolved: ResolvedTargets = { active: [], dropped: [], problems: [] };
  #isPaused: boolean;
  /** How the targets did before a pause. */
  #statesBeforePause: ReadonlyMap<string, ScrapeState> = new Map();

  constructor(config: ScrapeConfig, context: ScrapePoolContext, isPaused: boolean) {
    this.config = config;
    this.#context = context;
    this.#isPaused = isPaused;
    this.#client = this.#disposables.add(new ScrapeClient(config));
    this.#discoverers = config.fileDiscoveries.map((discovery) => this.#disposables.add(new FileDiscoverer(discovery, () => this.#sync())));
    this.#sync();
  }

  get loops(): Iterable<ScrapeLoop> {
    return this.#loops.values();
  }

  /** The targets as last resolved, whether or not they are being scraped. */
  get resolved(): ResolvedTargets {
    return this.#resolved;
  }

  /** How a target does; undefined when it has never been scraped. */
  stateOf(id: string): ScrapeState | undefined {
    const state = this.#loops.get(id)?.state;
    return state && state.health !== 'unknown' ? state : this.#statesBeforePause.get(id);
  }

  get dropped(): readonly Labels[] {
    const most = this.config.keepDroppedTargets;
    return most > 0 ? this.#resolved.dropped.slice(0, most) : this.#resolved.dropped;
  }

  get fileProblems(): readonly FileDiscoveryProblem[] {
    return this.#discoverers.flatMap((discoverer) => discoverer.problems);
  }

  /** Stops or starts all loops; what was scraped stays as it is. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) {
      this.#statesBeforePause = new Map(Array.from(this.#loops.values(), (loop) => [loop.id, loop.state]));
      for (const loop of this.#loops.values()) loop.dispose();
      this.#loops.clear();
    } else {
      this.#sync();
    }
  }

  /** Stops everything and gives the loops up without calling them removed. */
  dispose(): void {
    this.#disposables.dispose();
    for (const loop of this.#loops.values()) loop.dispose();
    this.#loops.clear();
  }

  #sync(): void {
    const groups = [...this.config.staticGroups, ...this.#discoverers.flatMap((discoverer) => discoverer.groups)];
    this.#resolved = resolveTargets(this.config, groups);
    if (this.#isPaused) return;
    const wanted = new Map(this.#resolved.active.map((target) => [targetId(this.config.jobName, target.url, target.labels), target]));
    for (const [id, loop] of this.#loops) {
      if (wanted.has(id)) continue;
      this.#loops.delete(id);
      loop.dispose();
      this.#context.onRemoved(loop);
    }
    for (const [id, target] of wanted) {
      if (this.#loops.has(id)) continue;
      this.#context.onAdded(id);
      const context = { ...this.#context, client: this.#client, refusal: () => this.#refusal() };
      this.#loops.set(id, new ScrapeLoop(id, target, scrapeTargetSpec(target.labels, this.config), context));
    }
  }

  #refusal(): string {
    const limit = this.config.limits.targets;
    const count = this.#resolved.active.length;
    return limit > 0 && count > limit ? `target_limit exceeded (number of targets: ${count}, limit: ${limit})` : '';
  }
}

/** What makes two targets the same: the job, the URL and the public labels. */
export function targetId(jobName: string, url: string, labels: Labels): string {
  return [jobName, url, ...labels].join('\0');
}
