import { startCollector } from '../collector/collector.ts';
import { COLLECT_USAGE, readCollectRequest } from '../collector/collect-options.ts';
import { formatLogEntry, Log } from '../collector/log.ts';
import { EXIT, type CliIo } from './io.ts';

/** `sightline collect`: runs the collector until it is told to stop. */
export async function runCollect(args: readonly string[], io: CliIo): Promise<number> {
  const request = readCollectRequest(args);
  if (!request.ok) {
    io.err(`sightline collect: ${request.error}\n\n${COLLECT_USAGE}`);
    return EXIT.usage;
  }
  if (request.value.kind === 'help') {
    io.out(COLLECT_USAGE);
    return EXIT.good;
  }
  const log = new Log();
  log.onEntry((entry) => io.err(`${formatLogEntry(entry)}\n`));
  const started = await startCollector(request.value.options, log);
  if (!started.ok) {
    io.err(`sightline collect: ${started.error.message}\n`);
    return EXIT.failure;
  }
  const collector = started.value;
  io.out(`${JSON.stringify({ event: 'ready', ...collector.endpoints, pid: process.pid })}\n`);
  const stop = (): void => collector.stop('told to stop');
  if (io.signal.aborted) stop();
  io.signal.addEventListener('abort', stop, { once: true });
  return (await collector.ended) ? EXIT.good : EXIT.failure;
}
