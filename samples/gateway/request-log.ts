/** What `GET /api/logs` shows of a finished request. */
export interface RequestLogEntry {
  readonly id: string;
  readonly timestamp: string;
  readonly provider: string;
  readonly model: string;
  readonly status: string;
  readonly latency: number;
}

const CAPACITY = 200;
const entries: RequestLogEntry[] = [];
let total = 0;

/** Remembers a finished request; the oldest beyond {@link CAPACITY} are forgotten. */
export function logRequest(entry: RequestLogEntry): void {
  total++;
  entries.push(entry);
  if (entries.length > CAPACITY) entries.shift();
}

/** The newest entries first. */
export const requestLog = (limit: number): { readonly logs: readonly RequestLogEntry[]; readonly total: number } => ({
  logs: entries.slice(-limit).toReversed(),
  total,
});
