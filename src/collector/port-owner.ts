import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Who listens on a local TCP port, as `name (pid 4711)`; '' when the system does not tell (another user's process, no tool).
 * Linux: /proc/net/tcp and the sockets in /proc/PID/fd. macOS: lsof. Windows: netstat.
 */
export async function findPortOwner(port: number): Promise<string> {
  try {
    if (process.platform === 'linux') return await ownerFromProc(port);
    if (process.platform === 'win32') return await ownerFromNetstat(port);
    return await ownerFromLsof(port);
  } catch {
    return '';
  }
}

async function ownerFromProc(port: number): Promise<string> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      // 0A is LISTEN.
      if (local && inode && state === '0A' && Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16) === port) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return '';
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (!inodes.has(target)) continue;
      return `${await programName(pid)} (pid ${pid})`;
    }
  }
  return '';
}

/**
 * The program as its user knows it: `node server.js`, `python3 app.py`, `postgres`. Not /proc/PID/comm, which is the name of
 * the first thread: `MainThread` for every Node.
 */
async function programName(pid: string): Promise<string> {
  const [program = '', ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const script = /^(node|deno|bun|python[\d.]*|ruby|java)$/.test(basename(program)) ? args.find((argument) => !argument.startsWith('-') && /^[\w./@ -]+\.\w+$/.test(argument)) : undefined;
  return [basename(program) || 'process', ...(script === undefined ? [] : [basename(script)])].join(' ');
}

async function ownerFromLsof(port: number): Promise<string> {
  const output = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  const name = /^c(.+)$/m.exec(output)?.[1];
  return pid ? `${name ?? 'process'} (pid ${pid})` : '';
}

async function ownerFromNetstat(port: number): Promise<string> {
  const output = await run('netstat', ['-ano', '-p', 'TCP']);
  const line = output.split('\n').find((row) => row.includes('LISTENING') && row.includes(`:${port} `));
  const pid = line?.trim().split(/\s+/).at(-1);
  return pid ? `process (pid ${pid})` : '';
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: 3000 }, (error, stdout) => {
      if (error) reject(new Error(`${command} failed`, { cause: error }));
      else resolve(stdout);
    });
  });
}
