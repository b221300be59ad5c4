/** Messages of a demo process to its supervisor. */
export interface ReadyMessage {
  readonly event: 'ready';
  readonly role: string;
}

/**
 * Ties this process to the one that started it: when the channel to the parent closes, for whatever reason
 * (a SIGKILL included), `stop` runs and the process ends. Without a parent only the signals count.
 */
export function liveWithParent(stop: () => Promise<void>): void {
  let isStopping = false;
  const end = (): void => {
    if (isStopping) return;
    isStopping = true;
    // A flush to a collector that is gone must not keep the process.
    setTimeout(() => process.exit(0), 1500).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (process.channel) process.once('disconnect', end);
}

/** Tells the supervisor that the process serves. */
export function reportReady(role: string): void {
  const message: ReadyMessage = { event: 'ready', role };
  process.send?.(message);
}
