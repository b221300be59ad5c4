import type { CollectorClient } from '../collector-client.ts';

const TIMEOUT_MS = 5000;

/** Asks the HTTP API of the collector, which speaks as Prometheus does. Rejects with the reason that it gives. */
export async function askApi(client: CollectorClient, path: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const api = client.status?.endpoints.api;
  if (api === undefined || client.state !== 'connected') throw new Error('The collector does not run');
  const response = await fetch(`http://${api}${path}?${new URLSearchParams(parameters).toString()}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body: unknown = await response.json();
  if (!isRecord(body) || body['status'] !== 'success') throw new Error(isRecord(body) && typeof body['error'] === 'string' ? body['error'] : `the collector answered ${response.status}`);
  return body['data'];
}

/** Is it an object whose fields can be looked at? */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The strings in a list; everything else is left out. */
export const stringsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []);
