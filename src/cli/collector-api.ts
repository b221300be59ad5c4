import axios from 'axios';
import * as v from 'valibot';
import { fail, ok, type Result } from '../base/result.ts';

/** Where a collector listens when nothing else was said. */
export const DEFAULT_URL = 'http://127.0.0.1:4390';

/** Asks a running collector for JSON of a shape. The error is for people: no answer, a refusal in its own words, or another shape. */
export async function askCollector<S extends v.GenericSchema>(base: string, path: string, params: URLSearchParams, schema: S, signal: AbortSignal): Promise<Result<v.InferOutput<S>, string>> {
  const url = `${base.replace(/\/$/, '')}${path}?${params.toString()}`;
  let status: number;
  let text: string;
  try {
    const response = await axios.get<string>(url, { responseType: 'text', transformResponse: (data: string) => data, validateStatus: () => true, signal, proxy: false });
    ({ status, data: text } = response);
  } catch (error) {
    return fail(`no answer from ${base}: ${error instanceof Error ? error.message || String(error) : String(error)}\nIs the collector running? \`sightline collect\` starts one.`);
  }
  if (status !== 200) return fail(refusalOf(text));
  const parsed = v.safeParse(schema, parseJson(text));
  return parsed.success ? ok(parsed.output) : fail(`the answer of ${base}${path} is not what was expected: ${text.slice(0, 200)}`);
}

const JaegerRefusal = v.object({ errors: v.array(v.object({ msg: v.string() })) });

function refusalOf(text: string): string {
  const refusal = v.safeParse(JaegerRefusal, parseJson(text));
  return refusal.success ? refusal.output.errors.map(({ msg }) => msg).join('; ') : text.trim();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
