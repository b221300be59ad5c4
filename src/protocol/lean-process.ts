/**
 * How a collector's process is started so that it stays small: V8's flags for the main thread, and for glibc, which otherwise keeps an
 * arena for each thread, that one is enough. Measured in docs/ARCHITECTURE.md; without them everything works the same.
 */
export const LEAN_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=1'];

/** Environment variables of a lean process; see {@link LEAN_NODE_FLAGS}. */
export const LEAN_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };
