// Preloaded into the programs that scripts/start.mjs runs: when the channel to it closes, even by a SIGKILL, they end too.
'use strict';

// Worker threads preload this as well, and have no channel.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
