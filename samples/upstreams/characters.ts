import { logNormal } from '../shared/random.ts';

/** What one upstream does with one request. */
export interface Reaction {
  readonly status: number;
  /** Until the first byte of the answer. */
  readonly firstByteMs: number;
  /** Between the first byte and the last. */
  readonly restMs: number;
  readonly error?: string;
}

/** How an upstream behaves: a function of the time and the key it is called with. */
export type Character = (nowMs: number, key: string) => Reaction;

/** Fast enough, and hardly ever wrong. */
function healthy(): Character {
  return () => {
    if (Math.random() < 0.001) return { status: 500, firstByteMs: 60, restMs: 0, error: 'internal_server_error' };
    return { status: 200, firstByteMs: logNormal(180, 0.35), restMs: logNormal(220, 0.4) };
  };
}

/** Right, but seconds late. */
function slow(): Character {
  return () => ({ status: 200, firstByteMs: logNormal(900, 0.4), restMs: Math.min(6000, logNormal(1100, 0.5)) });
}

/** Very fast, until it is overloaded: `burstMs` of failures in every `periodMs`, the first one `offsetMs` after the start. */
function bursty(startMs: number, periodMs: number, offsetMs: number, burstMs: number): Character {
  return (nowMs) => {
    const phase = (nowMs - startMs) % periodMs;
    const isInBurst = phase >= offsetMs && phase < offsetMs + burstMs;
    if (isInBurst && Math.random() < 0.65) {
      return Math.random() < 0.7
        ? { status: 503, firstByteMs: logNormal(90, 0.3), restMs: 0, error: 'service_unavailable' }
        : { status: 500, firstByteMs: logNormal(700, 0.4), restMs: 0, error: 'upstream_timeout' };
    }
    return { status: 200, firstByteMs: logNormal(isInBurst ? 260 : 45, 0.4), restMs: logNormal(70, 0.4) };
  };
}

/** A token bucket for each key: `perSecond` calls, `burst` at once, 429 beyond. */
function rateLimited(perSecond: number, burst: number): Character {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (nowMs, key) => {
    const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return { status: 429, firstByteMs: logNormal(25, 0.3), restMs: 0, error: 'rate_limit_exceeded' };
    bucket.tokens--;
    return { status: 200, firstByteMs: logNormal(210, 0.4), restMs: logNormal(260, 0.4) };
  };
}

/** The four upstreams, each with its own character. */
export function createCharacters(startMs: number): Readonly<Record<string, Character>> {
  return {
    openai: healthy(),
    bedrock: slow(),
    groq: bursty(startMs, 45_000, 7_000, 14_000),
    mistral: rateLimited(1.5, 3),
  };
}
