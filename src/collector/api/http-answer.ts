/** An answer that is ready to be written. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The error types of the Prometheus API. */
export type ApiErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'internal' | 'unavailable' | 'not_found';

const STATUS: Readonly<Record<ApiErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  // The client has gone: nginx's status, as upstream.
  canceled: 499,
  internal: 500,
  unavailable: 503,
  not_found: 404,
};

/** A JSON answer. */
export const jsonAnswer = (value: unknown, status = 200): HttpAnswer => ({ status, contentType: 'application/json', body: JSON.stringify(value) });

/** The envelope of a successful Prometheus API call. */
export const successAnswer = (data: unknown, more: { readonly warnings?: readonly string[] } = {}): HttpAnswer =>
  jsonAnswer({ status: 'success', data, ...(more.warnings && more.warnings.length > 0 ? { warnings: more.warnings } : {}) });

/** The envelope of a failed Prometheus API call, with the status upstream uses for that type. */
export const errorAnswer = (errorType: ApiErrorType, error: string): HttpAnswer => jsonAnswer({ status: 'error', errorType, error }, STATUS[errorType]);

/** A plain text answer. */
export const textAnswer = (body: string, status = 200): HttpAnswer => ({ status, contentType: 'text/plain; charset=utf-8', body });
