import { LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from '../protocol/lean-process.ts';

/** Set once the process has been replaced, so that it happens once. */
const MARKER = 'SIGHTLINE_LEAN';

/**
 * Replaces this process by itself with the settings of a lean one: they can only be given to a program at its start.
 * Same pid, same files, some 40 ms. Does nothing where the system or Node cannot do it.
 */
export function becomeLean(): void {
  if (process.platform !== 'linux' || process.env[MARKER] !== undefined || typeof process.execve !== 'function') return;
  const emitWarning = process.emitWarning.bind(process);
  // Node says that execve is young; that is not for the user of a command.
  process.emitWarning = () => undefined;
  try {
    const script = process.argv.slice(1);
    process.execve(process.execPath, [process.execPath, ...LEAN_NODE_FLAGS, ...process.execArgv, ...script], { ...definedEnvironment(), ...LEAN_ENVIRONMENT, [MARKER]: '1' });
  } catch {
    // Then it stays as large as it is.
  } finally {
    process.emitWarning = emitWarning;
  }
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
