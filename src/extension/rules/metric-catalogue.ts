import { toDisposable, DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { MetricFacts } from '../../rules/editing/rule-problem.ts';
import type { CollectorClient } from '../collector-client.ts';
import { askApi, isRecord, stringsIn } from './collector-api.ts';

const REFRESH_MS = 15_000;

/** A metric's family, as its exposition tells it. */
export interface Family {
  readonly type: string;
  readonly help: string;
}

/** What metrics there are, asked for while rule files are open. It goes on with what it knows when the collector is away. */
export class MetricCatalogue implements Disposable {
  readonly #store = new DisposableStore();
  readonly #client: CollectorClient;
  readonly #changes = this.#store.add(new Emitter<void>());
  #names: ReadonlySet<string> | undefined;
  #families: ReadonlyMap<string, Family> = new Map();

  readonly onChange = this.#changes.event;

  constructor(client: CollectorClient) {
    this.#client = client;
    const timer = setInterval(() => void this.refresh(), REFRESH_MS);
    this.#store.add(toDisposable(() => clearInterval(timer)));
    this.#store.add(client.onStateChange(() => void this.refresh()));
    void this.refresh();
  }

  get families(): ReadonlyMap<string, Family> {
    return this.#families;
  }

  get facts(): MetricFacts {
    return { names: this.#names, types: new Map([...this.#families].map(([name, { type }]) => [name, type])) };
  }

  /** Asks anew; without a collector everything stays. */
  async refresh(): Promise<void> {
    if (this.#client.state !== 'connected') return;
    try {
      const [names, metadata] = await Promise.all([askApi(this.#client, '/api/v1/label/__name__/values'), askApi(this.#client, '/api/v1/metadata', { limit_per_metric: '1' })]);
      const before = this.#names?.size ?? -1;
      const familiesBefore = this.#families.size;
      this.#names = new Set(stringsIn(names));
      this.#families = new Map(Object.entries(isRecord(metadata) ? metadata : {}).map(([name, list]) => [name, readFamily(list)]));
      if (!this.#store.isDisposed && (this.#names.size !== before || this.#families.size !== familiesBefore)) this.#changes.fire();
    } catch {
      // It went away meanwhile, which the status bar says.
    }
  }

  /** The labels of a metric, of all when it is ''. */
  async labels(metric: string): Promise<readonly string[]> {
    return stringsIn(await askApi(this.#client, '/api/v1/labels', selector(metric)));
  }

  /** The values of a label on a metric. */
  async values(metric: string, label: string): Promise<readonly string[]> {
    return stringsIn(await askApi(this.#client, `/api/v1/label/${encodeURIComponent(label)}/values`, selector(metric)));
  }

  dispose(): void {
    this.#store.dispose();
  }
}

const selector = (metric: string): Readonly<Record<string, string>> => (metric === '' ? {} : { 'match[]': metric });

function readFamily(list: unknown): Family {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const text = (name: string): string => (isRecord(first) && typeof first[name] === 'string' ? first[name] : '');
  return { type: text('type'), help: text('help') };
}
