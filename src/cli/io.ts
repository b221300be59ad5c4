/** Where a command writes: results to `out`, everything else to `err`. */
export interface CliIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `out` is a terminal, and how wide. */
  readonly columns: number | undefined;
  /** Aborted by Ctrl-C or a termination signal. */
  readonly signal: AbortSignal;
}

/** The exit codes of every command. */
export const EXIT = { good: 0, failure: 1, usage: 2 } as const;
