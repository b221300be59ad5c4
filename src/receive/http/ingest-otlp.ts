import { fail, ok, type Result } from '../../base/result.ts';
import { inflateBody } from '../../codec/compression.ts';
import { encodeOtlpResponse, OTLP_MEDIA_TYPES } from '../../codec/otlp/otlp-response.ts';
import type { OtlpDecoded, OtlpFormat, OtlpSignal } from '../../codec/otlp/otlp-result.ts';
import { refuse, type Refusal, type RefusalCode } from '../receive-errors.ts';
import { refusalAnswer, type PushAnswer } from './otlp-routes.ts';
import { DEFAULT_MAX_INFLATED_BYTES } from './read-body.ts';

/** A pushed body as it reaches a worker. */
export interface OtlpIngest {
  readonly signal: OtlpSignal;
  readonly format: OtlpFormat;
  /** The content-encoding of the request, '' for none. */
  readonly encoding: string;
  readonly body: Uint8Array;
  readonly maxInflatedBytes?: number;
}

/** An answer with what it took, for counters: spans, data points or log records. */
export interface OtlpIngestAnswer extends PushAnswer {
  readonly accepted: number;
  readonly rejected: number;
}

/** What a store says to decoded telemetry: how many records it refused on top, and why. */
export interface StoreVerdict {
  readonly rejected: number;
  readonly message: string;
}

/**
 * The worker's half of receiving OTLP: inflates within bounds, decodes, stores, and makes the answer. `store` has to have made the
 * data durable when it returns, because the answer acknowledges it. When the database cannot take it, the sender is asked to come
 * again; anything else that it throws is not caught.
 */
export function ingestOtlp<T>(
  request: OtlpIngest,
  decode: (body: Uint8Array, format: OtlpFormat) => OtlpDecoded<T>,
  store: (value: T) => StoreVerdict | undefined,
): OtlpIngestAnswer {
  const inflated = inflateForIngest(request.body, request.encoding, request.maxInflatedBytes ?? DEFAULT_MAX_INFLATED_BYTES);
  if (!inflated.ok) return { ...refusalAnswer(inflated.error, request.format), accepted: 0, rejected: 0 };
  const decoded = decode(inflated.value, request.format);
  if (decoded.malformed !== undefined) {
    return { ...refusalAnswer(refuse('malformed_body', decoded.malformed), request.format), accepted: 0, rejected: 0 };
  }
  let verdict: StoreVerdict | undefined;
  try {
    verdict = decoded.accepted > 0 ? store(decoded.value) : undefined;
  } catch (error) {
    return { ...refusalAnswer(storeRefusal(error), request.format), accepted: 0, rejected: 0 };
  }
  const rejected = decoded.rejected + (verdict?.rejected ?? 0);
  const reasons = decoded.problems.map(({ message, count }) => `${message} (${count})`);
  if (verdict && verdict.message !== '') reasons.push(verdict.message);
  return {
    status: 200,
    contentType: OTLP_MEDIA_TYPES[request.format],
    body: encodeOtlpResponse(request.signal, request.format, { rejected, message: reasons.join('; ') }),
    refusal: '',
    accepted: decoded.accepted - (verdict?.rejected ?? 0),
    rejected,
  };
}

const INFLATE_REFUSALS = {
  unsupported: 'unsupported_encoding', 'too-large': 'inflated_too_large', corrupt: 'corrupt_compression',
} as const satisfies Record<string, RefusalCode>;

// A full disk does not become empty within seconds, but SDKs give up on a request that waits much longer.
const STORE_RETRY_AFTER_SECONDS = 10;

/** The refusal of a body that the database could not take; throws the error again when it is another one. */
export function storeRefusal(error: unknown): Refusal {
  const isDatabase = error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
  if (!isDatabase) throw error;
  return refuse('store_unavailable', error.message, STORE_RETRY_AFTER_SECONDS);
}

/** inflateBody with its problems as refusals; for every receiver of compressed bodies. */
export function inflateForIngest(body: Uint8Array, encoding: string, maxBytes: number): Result<Uint8Array, Refusal> {
  const inflated = inflateBody(body, encoding, maxBytes);
  if (inflated.ok) return ok(inflated.value);
  return fail(refuse(INFLATE_REFUSALS[inflated.error.kind], inflated.error.message));
}
