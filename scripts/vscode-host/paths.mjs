// Where the browser build of VS Code lives and which one it is.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The code-server release that is used; it carries VS Code 1.139. */
export const CODE_SERVER_VERSION = '4.139.1';

const cacheRoot = process.env.SIGHTLINE_CACHE_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sightline');

/** The cache folder; shared by all clones of the project on this machine. */
export const hostDir = join(cacheRoot, 'vscode-host', CODE_SERVER_VERSION);
export const codeServerEntry = join(hostDir, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
export const vscodeDir = join(hostDir, 'node_modules', 'code-server', 'lib', 'vscode');
export const readyMarker = join(hostDir, 'ready.json');

/** The path of a Chromium or Chrome of the system, or undefined. */
export function findChromium() {
  const candidates = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
}
