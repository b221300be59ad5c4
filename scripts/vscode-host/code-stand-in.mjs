#!/usr/bin/env node
// Poses as VS Code's executable for @vscode/test-electron: runTests({ vscodeExecutablePath: this file, … }) then runs the
// same tests in the browser build. The work folder, screenshots and settings come by SIGHTLINE_TEST_* variables.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const value = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const result = spawnSync(process.execPath, [
  join(dirname(fileURLToPath(import.meta.url)), 'run-tests.mjs'),
  '--extension', value('extensionDevelopmentPath'),
  '--tests', value('extensionTestsPath'),
  '--folder', folder,
  '--work', process.env.SIGHTLINE_TEST_WORK,
  '--shots', process.env.SIGHTLINE_TEST_SHOTS,
  '--settings', process.env.SIGHTLINE_TEST_SETTINGS ?? '{}',
  ...(process.env.SIGHTLINE_TEST_VERBOSE ? ['--verbose'] : []),
], { stdio: 'inherit' });
process.exit(result.status ?? 1);
