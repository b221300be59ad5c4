// Starts programs that say `{"event":"ready",…}` on their first line, and ends them again. Runs on Node 20.
import { spawn } from 'node:child_process';

const READY_TIMEOUT_MS = 30_000;
const KILL_AFTER_MS = 5000;

/** Owns the processes of one run. */
export class Supervisor {
  #children = new Set();
  /** True from the first {@link stop} on: what ends now was meant to end. */
  isStopping = false;

  /** Starts a program that {@link stop} ends. */
  start(file, args, options) {
    const child = spawn(file, args, options);
    this.#children.add(child);
    // 'close' would wait for a pipe that a grandchild may hold.
    child.once('exit', () => this.#children.delete(child));
    child.once('error', () => this.#children.delete(child));
    return child;
  }

  /** Ends all, the last started first, and resolves when they are gone. */
  async stop() {
    this.isStopping = true;
    for (const child of [...this.#children].reverse()) await end(child);
  }
}

/** Resolves with the first line of `child` as an object; rejects with what it wrote to stderr when it ends before. */
export function ready(child, name) {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const timer = setTimeout(() => reject(new Error(`${name} did not start within ${READY_TIMEOUT_MS / 1000} s: ${errors}`)), READY_TIMEOUT_MS);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (output.includes('\n')) return;
      output += text;
      const end = output.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      try {
        resolve(JSON.parse(output.slice(0, end)));
      } catch {
        reject(new Error(`${name} said ${output.slice(0, end)}`));
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (errors = (errors + text).slice(-2000)));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`${name} ended with ${signal ?? code}: ${errors.trim()}`));
    });
  });
}

function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
