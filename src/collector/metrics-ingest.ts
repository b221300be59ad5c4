import { OtlpMetricsDecoder } from '../codec/otlp/otlp-metrics-decoder.ts';
import { RemoteWriteDecoder } from '../codec/remote-write/remote-write-decoder.ts';
import { inflateForIngest, ingestOtlp, storeRefusal, type OtlpIngestAnswer, type StoreVerdict } from '../receive/http/ingest-otlp.ts';
import { DEFAULT_MAX_INFLATED_BYTES } from '../receive/http/read-body.ts';
import { refuse, type Refusal } from '../receive/receive-errors.ts';
import type { AppendResult, MetricsStore } from '../store/metrics/store-types.ts';
import type { MetricsIngestParams } from './metrics-calls.ts';

/** Takes pushed metrics: inflates, decodes, stores durably, and makes the answer. Keeps the decoders' caches from push to push. */
export class MetricsIngest {
  readonly #store: MetricsStore;
  readonly #otlp = new OtlpMetricsDecoder();
  readonly #remoteWrite = new RemoteWriteDecoder();

  constructor(store: MetricsStore) {
    this.#store = store;
  }

  ingest(params: MetricsIngestParams): OtlpIngestAnswer {
    if (params.kind === 'remote-write') return this.#takeRemoteWrite(params.body, params.encoding);
    const { format, encoding, body } = params;
    return ingestOtlp({ signal: 'metrics', format, encoding, body }, (bytes, as) => this.#otlp.decode(bytes, as), (batch) => verdict(this.#store.append(batch)));
  }

  #takeRemoteWrite(body: Uint8Array, encoding: string): OtlpIngestAnswer {
    if (encoding.toLowerCase() !== 'snappy') return plainRefusal(refuse('unsupported_encoding', `content-encoding ${JSON.stringify(encoding.slice(0, 100))}; remote write uses snappy`));
    const inflated = inflateForIngest(body, 'snappy', DEFAULT_MAX_INFLATED_BYTES);
    if (!inflated.ok) return plainRefusal(inflated.error);
    const decoded = this.#remoteWrite.decodeMessage(inflated.value);
    if (decoded.malformed !== undefined) return plainRefusal(refuse('malformed_body', decoded.malformed));
    const { value, problems } = decoded;
    let result: AppendResult;
    try {
      result = this.#store.append(value);
    } catch (error) {
      return plainRefusal(storeRefusal(error));
    }
    const { appended, rejected } = result;
    const lost = [...problems.map(({ message, count }) => `${message} (${count})`), ...rejected.map(({ reason, count }) => `${REASONS[reason]} (${count})`)];
    const count = problems.reduce((sum, problem) => sum + problem.count, 0) + rejected.reduce((sum, entry) => sum + entry.count, 0);
    if (lost.length === 0) return { status: 204, contentType: '', body: new Uint8Array(0), refusal: '', accepted: appended, rejected: 0 };
    return { status: 400, contentType: 'text/plain; charset=utf-8', body: Buffer.from(`${lost.join('; ')}\n`), refusal: '', accepted: appended, rejected: count };
  }
}

/** In the words of Prometheus's remote write handler. */
const REASONS: Readonly<Record<AppendResult['rejected'][number]['reason'], string>> = {
  too_old: 'out of bounds: older than the retention',
  duplicate_timestamp: 'duplicate sample for timestamp',
  invalid_timestamp: 'out of bounds: not a time',
  invalid_labels: 'invalid labels',
  series_limit: 'the limit of series is reached: raise --memory-bytes or drop labels with many values',
};

function verdict({ rejected }: AppendResult): StoreVerdict | undefined {
  if (rejected.length === 0) return undefined;
  return { rejected: rejected.reduce((sum, { count }) => sum + count, 0), message: rejected.map(({ reason, count }) => `${REASONS[reason]} (${count})`).join('; ') };
}

function plainRefusal({ status, message, code, retryAfterSeconds }: Refusal): OtlpIngestAnswer {
  return { ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }), status, contentType: 'text/plain; charset=utf-8', body: Buffer.from(`${message}\n`), refusal: code, accepted: 0, rejected: 0 };
}
