import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../base/result.ts';
import { refuse, type Refusal } from '../receive-errors.ts';
import type { BodyBudget } from './body-budget.ts';

/** Bounds on a request's body, as it comes over the wire. */
export interface BodyLimits {
  /** Largest body before inflating. Default 32 MiB. */
  readonly maxBytes: number;
  /** Longest time from the headers to the last byte. Default 30 s. */
  readonly timeoutMs: number;
}

export const DEFAULT_BODY_LIMITS: BodyLimits = { maxBytes: 32 * 1024 * 1024, timeoutMs: 30_000 };

/** Largest body after inflating: what workers hand to inflateBody. */
export const DEFAULT_MAX_INFLATED_BYTES = 128 * 1024 * 1024;

/**
 * Reads a request's body into memory of its own, which may be transferred to a worker. A length that is declared too large is
 * refused before a byte is read; a body that grows too large, stalls or breaks off is refused where it does. Never rejects.
 * With a budget its bytes are counted as they arrive; those of a body that was read are the caller's to release.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits = DEFAULT_BODY_LIMITS, budget?: BodyBudget): Promise<Result<Uint8Array, Refusal>> {
  const declared = declaredLength(request);
  if (declared !== undefined && declared > limits.maxBytes) {
    return Promise.resolve(fail(refuse('body_too_large', `${declared} bytes are declared, ${limits.maxBytes} are allowed`)));
  }
  if (budget && declared !== undefined && !budget.hasRoom(declared)) return Promise.resolve(fail(overloaded(budget)));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let takenBytes = 0;
    const settle = (result: Result<Uint8Array, Refusal>): void => {
      clearTimeout(timer);
      if (!result.ok) budget?.release(takenBytes);
      request.off('data', onData).off('end', onEnd).off('close', onBreak);
      // A listener stays: an error of a broken connection after this must not be an uncaught one.
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limits.maxBytes) {
        request.pause();
        settle(fail(refuse('body_too_large', `more than ${limits.maxBytes} bytes`)));
      } else if (budget && !budget.take(chunk.length)) {
        request.pause();
        settle(fail(overloaded(budget)));
      } else {
        takenBytes = length;
        chunks.push(chunk);
      }
    };
    const onEnd = (): void => settle(ok(join(chunks, length)));
    const onBreak = (): void => settle(fail(refuse('incomplete_body', `the connection closed after ${length} bytes`)));
    const timer = setTimeout(() => {
      request.pause();
      settle(fail(refuse('slow_body', `${length} bytes in ${limits.timeoutMs} ms`)));
    }, limits.timeoutMs);
    request.on('data', onData).on('end', onEnd).on('close', onBreak).on('error', onBreak);
  });
}

// When a sender that was refused for lack of room should come again.
const RETRY_AFTER_SECONDS = 1;

function overloaded(budget: BodyBudget): Refusal {
  return refuse('overloaded', `${budget.heldBytes} bytes are waiting`, RETRY_AFTER_SECONDS);
}

function declaredLength(request: IncomingMessage): number | undefined {
  const header = request.headers['content-length'];
  return header === undefined ? undefined : Number(header);
}

function join(chunks: readonly Buffer[], length: number): Uint8Array {
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
