import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The package that instruments Node programs without a change of theirs. */
export const NODE_PACKAGE = '@opentelemetry/auto-instrumentations-node';

/**
 * The file that instruments a Node program when it is loaded first, as programs in `folder` would find it; undefined when it
 * is not installed. Only looks for it, runs nothing. An absolute path, because a bare name in `NODE_OPTIONS` would be looked
 * for from each program's own folder, and every Node program elsewhere would fail to start.
 */
export function findNodeRegister(folder: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(`${NODE_PACKAGE}/register`);
  } catch {
    return undefined;
  }
}

/** By their lock files; npm where there is none. */
const ADD_COMMANDS: readonly (readonly [lockFile: string, command: string])[] = [
  ['pnpm-lock.yaml', 'pnpm add --save-dev'],
  ['yarn.lock', 'yarn add --dev'],
  ['bun.lock', 'bun add --dev'],
  ['bun.lockb', 'bun add --dev'],
];

/** The command that adds the package to a folder with these files. The API is named too, for not every tool installs peers. */
export function addNodePackageCommand(fileNames: readonly string[]): string {
  const command = ADD_COMMANDS.find(([lockFile]) => fileNames.includes(lockFile))?.[1] ?? 'npm install --save-dev';
  return `${command} @opentelemetry/api ${NODE_PACKAGE}`;
}
