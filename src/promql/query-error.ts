/** The error types of the Prometheus API that a query can end with. */
export type QueryErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'internal';

/** A query that cannot be answered; thrown inside the engine only, which returns it as a value. */
export class QueryError extends Error {
  readonly errorType: QueryErrorType;

  constructor(errorType: QueryErrorType, message: string) {
    super(message);
    this.name = 'QueryError';
    this.errorType = errorType;
  }
}
