import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/event.ts';
import type { HealthSnapshot } from '../model/health.ts';
import type { Log } from './log.ts';

/** How often the health of everything is judged anew. */
const PERIOD_MS = 2000;

/** What judges: the health evaluator, asked for the state at a time (ms). */
export type EvaluateHealth = (nowMs: number) => Promise<HealthSnapshot>;

/** Judges health all the time, one evaluation after the other, and tells when a new snapshot is there. */
export class HealthLoop implements Disposable {
  readonly #evaluate: EvaluateHealth;
  readonly #log: Log;
  readonly #changed = new Emitter<HealthSnapshot>();
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;
  #running: Promise<HealthSnapshot> | undefined;
  #latest: HealthSnapshot | undefined;
  #lastError = '';

  readonly onChange: Event<HealthSnapshot> = this.#changed.event;

  constructor(evaluate: EvaluateHealth, log: Log) {
    this.#evaluate = evaluate;
    this.#log = log;
    this.#schedule();
  }

  /** The newest snapshot; evaluates when there is none yet. */
  async current(): Promise<HealthSnapshot> {
    return this.#latest ?? (await this.#run());
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  #schedule(): void {
    if (this.#isDisposed) return;
    this.#timer = setTimeout(() => {
      void this.#run()
        .catch((error: unknown) => this.#report(error))
        .finally(() => this.#schedule());
    }, PERIOD_MS);
  }

  #run(): Promise<HealthSnapshot> {
    this.#running ??= this.#evaluate(Date.now())
      .then((snapshot) => {
        this.#latest = snapshot;
        this.#lastError = '';
        if (!this.#isDisposed) this.#changed.fire(snapshot);
        return snapshot;
      })
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  /** The same failure every two seconds is one line in the log. */
  #report(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    if (this.#isDisposed || text === this.#lastError) return;
    this.#lastError = text;
    this.#log.error('health could not be judged', { error: text });
  }
}
