/** The refusals of all receivers, by code. The code is also the counter's label. */
export type RefusalCode = keyof typeof REFUSALS;

/** A refused request: what to answer and what to count. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly status: number;
  /** The code of google.rpc.Code that OTLP answers carry. */
  readonly rpcCode: number;
  /** Cause and remedy, for the sender's log. */
  readonly message: string;
  /** When to try again, for overload. */
  readonly retryAfterSeconds?: number;
}

interface RefusalKind {
  readonly status: number;
  readonly rpcCode: number;
  readonly text: (detail: string) => string;
}

const RPC = { invalidArgument: 3, deadlineExceeded: 4, notFound: 5, permissionDenied: 7, resourceExhausted: 8, unimplemented: 12, internal: 13, unavailable: 14 } as const;

const REFUSALS = {
  body_too_large: {
    status: 413, rpcCode: RPC.resourceExhausted,
    text: (detail) => `The body is too large: ${detail}. Send smaller batches.`,
  },
  inflated_too_large: {
    status: 413, rpcCode: RPC.resourceExhausted,
    text: (detail) => `The body is too large: ${detail}. Send smaller batches.`,
  },
  unsupported_media_type: {
    status: 415, rpcCode: RPC.invalidArgument,
    text: (detail) => `The content type is not supported: ${detail}.`,
  },
  unsupported_encoding: {
    status: 415, rpcCode: RPC.invalidArgument,
    text: (detail) => `The content encoding is not supported: ${detail}.`,
  },
  corrupt_compression: {
    status: 400, rpcCode: RPC.invalidArgument,
    text: (detail) => `The body cannot be inflated: ${detail}. Check that content-encoding names what was done to the body.`,
  },
  malformed_body: {
    status: 400, rpcCode: RPC.invalidArgument,
    text: (detail) => `The body cannot be decoded: ${detail}. Check that content-type names the encoding of the body.`,
  },
  slow_body: {
    status: 408, rpcCode: RPC.deadlineExceeded,
    text: (detail) => `The body did not arrive in time: ${detail}. Send smaller batches or check the connection.`,
  },
  incomplete_body: {
    status: 400, rpcCode: RPC.invalidArgument,
    text: (detail) => `The body ended early: ${detail}.`,
  },
  forbidden_host: {
    status: 403, rpcCode: RPC.permissionDenied,
    text: (detail) => `The host ${detail} is not served here. Use 127.0.0.1 or localhost: only programs on this machine may talk to Sightline.`,
  },
  forbidden_origin: {
    status: 403, rpcCode: RPC.permissionDenied,
    text: (detail) => `Pages from ${detail} may not talk to Sightline. Only pages served from this machine may.`,
  },
  method_not_allowed: {
    status: 405, rpcCode: RPC.unimplemented,
    text: (detail) => `The method ${detail} is not supported here. Use POST.`,
  },
  not_found: {
    status: 404, rpcCode: RPC.notFound,
    text: (detail) => `There is nothing at ${detail}.`,
  },
  overloaded: {
    status: 503, rpcCode: RPC.unavailable,
    text: (detail) => `Too much is being received at once: ${detail}. Try again.`,
  },
  store_unavailable: {
    status: 503, rpcCode: RPC.unavailable,
    text: (detail) => `The data could not be written to disk: ${detail}. Make room on the disk of the data folder; keep the data and send it again.`,
  },
  internal: {
    status: 500, rpcCode: RPC.internal,
    text: (detail) => `The data could not be stored: ${detail}. See the collector's log.`,
  },
} as const satisfies Record<string, RefusalKind>;

/** All codes, for counters that exist from the start. */
export const REFUSAL_CODES = Object.keys(REFUSALS) as readonly RefusalCode[];

/** Builds a refusal from the table; `detail` is put into its text. */
export function refuse(code: RefusalCode, detail: string, retryAfterSeconds?: number): Refusal {
  const { status, rpcCode, text } = REFUSALS[code];
  const base = { code, status, rpcCode, message: text(detail) };
  return retryAfterSeconds === undefined ? base : { ...base, retryAfterSeconds };
}
