// Stand-in for the native module @vscode/spdlog, which has no prebuilt binary. It backs every output channel:
// without it VS Code runs, but the channels of extensions stay empty. Appends synchronously, so nothing is lost at exit.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
const DEFAULT_LEVEL = 2;
const two = (value) => String(value).padStart(2, '0');

function timestamp(date) {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

class Logger {
  #file;
  #level = DEFAULT_LEVEL;
  #isRaw = false;

  constructor(kind, _name, file) {
    this.#file = kind === 'stdout_async' ? undefined : file;
  }
  #write(level, message) {
    if (level < this.#level || !this.#file) return;
    try {
      fs.appendFileSync(this.#file, this.#isRaw ? message : `${timestamp(new Date())} [${LEVELS[level]}] ${message}\n`);
    } catch {
      // A log folder that was removed is no reason to fail the editor.
    }
  }
  trace(message) { this.#write(0, message); }
  debug(message) { this.#write(1, message); }
  info(message) { this.#write(2, message); }
  warn(message) { this.#write(3, message); }
  error(message) { this.#write(4, message); }
  critical(message) { this.#write(5, message); }
  getLevel() { return this.#level; }
  setLevel(level) { this.#level = level; }
  setPattern() {}
  clearFormatters() { this.#isRaw = true; }
  flush() {}
  drop() {}
}

const create = (kind) => async (name, file) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.appendFileSync(file, '');
  return new Logger(kind, name, file);
};

// One `exports.x =` per name: VS Code imports this as an ES module, and Node finds the names by reading the text.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create('rotating');
exports.createAsyncRotatingLogger = create('rotating_async');
