import type { Disposable } from '../../src/base/disposable.ts';
import type { LogFilterParams, LogHistogramAnswer, LogPage, LogTail } from '../../src/protocol/logs.ts';
import type { LogsQuestion, LogsResult } from '../../src/protocol/logs-panel.ts';
import type { OperationsAnswer } from '../../src/protocol/telemetry.ts';
import type { BucketPlan } from './model/histogram.ts';
import { nanoText } from './model/panel-state.ts';

/** Records of the first page and of each older one. */
const FIRST_PAGE = 500;
const OLDER_PAGE = 2_000;
const TAIL_LIMIT = 2_000;
/** Pauses between two tails, and between two counts while live. */
const TAIL_EVERY_MS = 1_000;
const COUNT_EVERY_MS = 5_000;

/** What is wanted right now. */
export interface LogsPlan {
  readonly filter: LogFilterParams;
  readonly startMs: number;
  /** Undefined: up to what comes. */
  readonly endMs: number | undefined;
  readonly buckets: BucketPlan;
  readonly isLive: boolean;
}

/** What the source needs, and tells. */
export interface LogSourceHost {
  plan(): LogsPlan;
  ask(question: LogsQuestion, signal: AbortSignal): Promise<LogsResult>;
  onPage(page: LogPage): void;
  onOlder(page: LogPage): void;
  /** `isFirst`: it may tell again what the page had. */
  onTail(tail: LogTail, isFirst: boolean): void;
  onCounts(plan: BucketPlan, counts: LogHistogramAnswer, operations: OperationsAnswer): void;
  onError(message: string): void;
}

/** Asks the collector: a page at each refresh, older ones on demand, and what comes while live. */
export class LogSource implements Disposable {
  readonly #host: LogSourceHost;
  #running = new AbortController();
  #timers: ReturnType<typeof setTimeout>[] = [];
  #isLoadingOlder = false;

  constructor(host: LogSourceHost) {
    this.#host = host;
  }

  /** Forgets all and asks anew. */
  refresh(): void {
    this.#stop();
    const running = new AbortController();
    this.#running = running;
    this.#isLoadingOlder = false;
    const { signal } = running;
    const plan = this.#host.plan();
    const attempt = (run: () => Promise<void>): void => {
      run().catch((error: unknown) => {
        if (!signal.aborted) this.#host.onError(error instanceof Error ? error.message : String(error));
      });
    };
    // The tail begins before the search, so that nothing falls between the two.
    const start = plan.isLive ? this.#tail(plan, undefined, signal) : undefined;
    attempt(async () => {
      const page = await this.#page(plan, FIRST_PAGE, undefined, signal);
      if (signal.aborted) return;
      this.#host.onPage(page);
      if (!start || page.problem) return;
      const first = await start;
      this.#tailOn(plan, first.position, true, signal, attempt);
    });
    start?.catch(() => undefined);
    attempt(() => this.#count(signal, attempt));
  }

  /** Asks for the page after `cursor`; one at a time. */
  loadOlder(cursor: string): void {
    if (this.#isLoadingOlder) return;
    this.#isLoadingOlder = true;
    const { signal } = this.#running;
    this.#page(this.#host.plan(), OLDER_PAGE, cursor, signal)
      .then((page) => {
        this.#isLoadingOlder = false;
        if (!signal.aborted) this.#host.onOlder(page);
      })
      .catch((error: unknown) => {
        this.#isLoadingOlder = false;
        if (!signal.aborted) this.#host.onError(error instanceof Error ? error.message : String(error));
      });
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    this.#running.abort(new Error('another question followed'));
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  #later(run: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers = this.#timers.filter((other) => other !== timer);
      run();
    }, ms);
    this.#timers.push(timer);
  }

  async #page({ filter, startMs, endMs }: LogsPlan, limit: number, cursor: string | undefined, signal: AbortSignal): Promise<LogPage> {
    const window = { from: nanoText(startMs), ...(endMs === undefined ? {} : { to: nanoText(endMs) }) };
    const answer = await this.#host.ask({ name: 'searchLogs', params: { ...filter, ...window, limit, ...(cursor === undefined ? {} : { cursor }) } }, signal);
    if (answer.name !== 'searchLogs') throw new Error(`an answer to ${answer.name}`);
    return answer.result;
  }

  async #tail({ filter }: LogsPlan, after: string | undefined, signal: AbortSignal): Promise<LogTail> {
    const answer = await this.#host.ask({ name: 'tailLogs', params: { ...filter, limit: TAIL_LIMIT, ...(after === undefined ? {} : { after }) } }, signal);
    if (answer.name !== 'tailLogs') throw new Error(`an answer to ${answer.name}`);
    return answer.result;
  }

  #tailOn(plan: LogsPlan, position: string, isFirst: boolean, signal: AbortSignal, attempt: (run: () => Promise<void>) => void): void {
    const again = async (): Promise<void> => {
      const tail = await this.#tail(plan, position, signal);
      if (signal.aborted) return;
      this.#host.onTail(tail, isFirst);
      this.#tailOn(plan, tail.position, false, signal, attempt);
    };
    this.#later(() => attempt(again), isFirst ? 0 : TAIL_EVERY_MS);
  }

  async #count(signal: AbortSignal, attempt: (run: () => Promise<void>) => void): Promise<void> {
    const { filter, startMs, endMs, buckets, isLive } = this.#host.plan();
    // Without the levels: the facets count those that are not chosen too.
    const { levels: _, ...unlevelled } = filter;
    const { startMs: from, bucketMs, bucketCount } = buckets;
    const [counts, operations] = await Promise.all([
      this.#host.ask({ name: 'logHistogram', params: { ...unlevelled, from: nanoText(from), bucketNano: bucketMs * 1e6, bucketCount } }, signal),
      this.#host.ask({ name: 'operations', params: { from: nanoText(startMs), ...(endMs === undefined ? {} : { to: nanoText(endMs) }) } }, signal),
    ]);
    if (signal.aborted) return;
    if (counts.name === 'logHistogram' && operations.name === 'operations') this.#host.onCounts(buckets, counts.result, operations.result);
    if (isLive) this.#later(() => attempt(() => this.#count(signal, attempt)), COUNT_EVERY_MS);
  }
}
