import { realpathSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { CollectorOptions } from './options.ts';

/**
 * Where the workers' scripts are, seen from the script that runs: beside it when bundled (`dist/NAME.js`),
 * in this folder when it runs from source (`src/cli/main.ts`).
 */
export function workerScriptsBeside(mainScript: string): CollectorOptions['workerScript'] {
  const script = realpathSync(mainScript);
  const dir = dirname(script);
  return extname(script) === '.ts' ? (name) => join(dir, '..', 'collector', `${name}.ts`) : (name) => join(dir, `${name}.js`);
}
