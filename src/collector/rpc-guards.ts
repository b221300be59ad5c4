import * as v from 'valibot';
import type { RangeQueryParams, WorkspaceRegistration } from '../protocol/rpc.ts';

const text = (limit: number) => v.pipe(v.string(), v.maxLength(limit));

const RangeQuery = v.pipe(
  v.object({
    queries: v.pipe(v.array(v.object({ id: text(200), expr: text(100_000) })), v.maxLength(100)),
    startMs: v.pipe(v.number(), v.finite()),
    endMs: v.pipe(v.number(), v.finite()),
    stepMs: v.pipe(v.number(), v.finite(), v.minValue(1)),
  }),
  v.check(({ startMs, endMs }) => startMs <= endMs, 'endMs lies before startMs'),
  v.check(({ startMs, endMs, stepMs }) => (endMs - startMs) / stepMs <= 11_000, 'more than 11,000 points: take a larger step'),
);

const Registration = v.object({
  folders: v.pipe(v.array(v.object({ name: text(1000), path: text(10_000) })), v.maxLength(1000)),
  isTrusted: v.boolean(),
});

/** Checks what a window asks for; throws a ValiError that names the field when it is not what the protocol says. */
export const assertRangeQuery = (value: unknown): RangeQueryParams => v.parse(RangeQuery, value);

/** Checks a window's registration; throws a ValiError that names the field. */
export const assertWorkspaceRegistration = (value: unknown): WorkspaceRegistration => v.parse(Registration, value);
