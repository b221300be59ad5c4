/** The value of an instant query by the collector's HTTP API: of its first series, or undefined when there is none. */
export async function queryValue(api: string, expr: string, timeSeconds?: number): Promise<number | undefined> {
  const parameters = new URLSearchParams({ query: expr, ...(timeSeconds === undefined ? {} : { time: String(timeSeconds) }) });
  const response = await fetch(`http://${api}/api/v1/query?${parameters}`);
  const body = (await response.json()) as { status: string; error?: string; data?: { result: { value: [number, string] }[] } };
  if (body.status !== 'success') throw new Error(`${expr}: ${body.error ?? 'no reason'}`);
  const value = body.data?.result[0]?.value[1];
  return value === undefined ? undefined : Number(value);
}
