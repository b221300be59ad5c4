import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instrumentationRows } from '../../../../src/extension/instrumentation/instrumentation-nodes.ts';
import { addNodePackageCommand, findNodeRegister, NODE_PACKAGE } from '../../../../src/extension/instrumentation/node-instrumentation.ts';

suite('node instrumentation', () => {
  test('the command is that of the tool whose lock file is there', () => {
    const packages = `@opentelemetry/api ${NODE_PACKAGE}`;
    assert.deepEqual(
      [[], ['package-lock.json'], ['yarn.lock'], ['a', 'pnpm-lock.yaml'], ['bun.lock']].map(addNodePackageCommand),
      ['npm install --save-dev', 'npm install --save-dev', 'yarn add --dev', 'pnpm add --save-dev', 'bun add --dev'].map((command) => `${command} ${packages}`),
    );
  });

  test('finds the package as a program in the folder would, above it too', () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'sightline-')));
    try {
      const inner = join(root, 'packages', 'api');
      mkdirSync(inner, { recursive: true });
      assert.equal(findNodeRegister(inner), undefined);
      const folder = join(root, 'node_modules', NODE_PACKAGE);
      mkdirSync(join(folder, 'build'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: NODE_PACKAGE, exports: { './register': './build/register.js' } }));
      writeFileSync(join(folder, 'build', 'register.js'), 'throw new Error("must not run")');
      assert.equal(findNodeRegister(inner), join(folder, 'build', 'register.js'));
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test('rows say what is on and switch it', () => {
    const folder = { uri: 'file:///w/api', name: 'api' };
    const rows = instrumentationRows({
      terminals: { kind: 'on', endpoint: '127.0.0.1:4318' },
      debugSessions: { kind: 'elsewhere', endpoint: 'https://collector.example' },
      nodeFolders: [{ ...folder, isOn: true, isInstalled: false }, { ...folder, uri: 'file:///w/web', name: 'web', isOn: true, isInstalled: true }],
    });
    assert.deepEqual(
      rows.map(({ label, description, command }) => [label, description, command?.name, command?.args]),
      [
        ['Terminals', 'on → 127.0.0.1:4318', 'sightline.toggleTerminalInstrumentation', []],
        ['Debug sessions', 'yours → https://collector.example', 'sightline.toggleDebugInstrumentation', []],
        ['Node programs of api', 'not instrumented: the package is gone', 'sightline.instrumentNode', ['file:///w/api']],
        ['Node programs of web', 'instrumented', 'sightline.instrumentNode', ['file:///w/web']],
      ],
    );
  });
});
