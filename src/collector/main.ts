import { startCollector } from './collector.ts';
import { readCollectRequest } from './collect-options.ts';
import { formatLogEntry, Log } from './log.ts';

/**
 * The collector as an editor window starts it: detached, its log on stderr, which the window has pointed at a file.
 * Exits with 0 when it has been told to end, when nobody needs it any more, or when another collector already serves the folder.
 */
async function main(): Promise<void> {
  const log = new Log();
  log.onEntry((entry) => process.stderr.write(`${formatLogEntry(entry)}\n`));
  const request = readCollectRequest(process.argv.slice(2));
  if (!request.ok || request.value.kind !== 'collect') {
    log.error('the collector was started with arguments it does not know', { error: request.ok ? 'help' : request.error });
    process.exitCode = 2;
    return;
  }
  const started = await startCollector(request.value.options, log);
  if (!started.ok) {
    const { isTaken, message } = started.error;
    if (isTaken) log.info(message);
    else log.error('the collector could not be started', { error: message });
    process.exitCode = isTaken ? 0 : 1;
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => started.value.stop(`received ${signal}`));
  // The terminal or window that started it may close: the collector stays.
  process.on('SIGHUP', () => undefined);
  process.exitCode = (await started.value.ended) ? 0 : 1;
}

void main();
