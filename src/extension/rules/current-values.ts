import type { CollectorClient } from '../collector-client.ts';

/** A series and what it is now. */
export interface CurrentValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What an expression is now. Rejects with the reason when the collector is away or refuses it. */
export async function currentValues(client: CollectorClient, expr: string, atMs = Date.now()): Promise<readonly CurrentValue[]> {
  const { results } = await client.request('queryRange', { queries: [{ id: 'now', expr }], startMs: atMs, endMs: atMs, stepMs: 1000 });
  const [result] = results;
  if (!result?.ok) throw new Error(result?.error ?? 'no answer');
  return result.series.flatMap(({ labels, values: [value] }) => (value === undefined || value === null ? [] : [{ labels, value }]));
}
