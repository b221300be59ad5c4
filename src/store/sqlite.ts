import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';

/**
 * Node's own SQLite, or undefined on a host that lacks it (Node before 22.13).
 * Loaded on demand, so that such a host can still run in memory, and without Node's notice that the module is young.
 */
export function loadSqlite(): typeof Sqlite | undefined {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    const load: (id: string) => typeof Sqlite = createRequire(join(process.cwd(), 'sightline.js'));
    return load('node:sqlite');
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
