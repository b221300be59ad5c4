// Preloaded into the programs that scripts/start.mjs runs: when that is gone, even by a SIGKILL, they end too.
'use strict';

const { isMainThread } = require('node:worker_threads');

// Worker threads preload this as well.
if (isMainThread) {
  const end = () => process.kill(process.pid, 'SIGTERM');
  const parent = process.ppid;
  // The collector replaces its own process at its start, and a channel does not outlive that; the parent does.
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, 500);
  timer.unref();
  // On Windows a parent's id stays when it is gone.
  if (process.channel) {
    process.once('disconnect', end);
    process.channel.unref();
  }
}
