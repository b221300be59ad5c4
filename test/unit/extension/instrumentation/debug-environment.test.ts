import assert from 'node:assert/strict';
import { configuredEnvironment, environmentStyleOf, withEnvironment } from '../../../../src/extension/instrumentation/debug-environment.ts';

const debuggerOf = (type: string, properties: object): object => ({ contributes: { debuggers: [{ type, configurationAttributes: { launch: { properties } } }] } });
const manifests: unknown[] = [undefined, {}, { contributes: { debuggers: 'broken' } }, debuggerOf('node', { env: {} }), debuggerOf('cppdbg', { environment: {} }), debuggerOf('plain', {}), debuggerOf('chrome', { env: {} })];

suite('debug environment', () => {
  test('how a type takes variables is read from the manifests', () => {
    assert.deepEqual(['node', 'cppdbg', 'plain', 'unknown', 'chrome'].map((type) => environmentStyleOf(type, manifests)), ['env', 'environment', undefined, undefined, undefined]);
  });

  test('what a configuration sets itself: files first, then its own', () => {
    const files: Record<string, string> = { '/a.env': '# comment\nexport OTEL_SERVICE_NAME="from file"\nA=1\n', '/b.env': 'A=2\n' };
    const read = (file: string): string | undefined => files[file];
    assert.deepEqual(configuredEnvironment({ envFile: '/a.env', env: { B: null, C: 3 } }, read), { OTEL_SERVICE_NAME: 'from file', A: '1', B: null });
    assert.deepEqual(configuredEnvironment({ envFile: ['/a.env', '/b.env', '/none', 4], environment: [{ name: 'B', value: 'x' }, 7] }, read), { OTEL_SERVICE_NAME: 'from file', A: '2', B: 'x' });
    assert.deepEqual(configuredEnvironment({ env: 'broken', environment: {} }, read), {});
  });

  test('variables are added, the rest stays', () => {
    assert.deepEqual(withEnvironment({ type: 'node', env: { A: '1' } }, 'env', { B: '2' }), { type: 'node', env: { A: '1', B: '2' } });
    assert.deepEqual(withEnvironment({ type: 'node', env: null }, 'env', { B: '2' }), { type: 'node', env: { B: '2' } });
    assert.deepEqual(withEnvironment({ environment: [{ name: 'A', value: '1' }] }, 'environment', { B: '2', A: '3' }), { environment: [{ name: 'B', value: '2' }, { name: 'A', value: '3' }] });
    const same = { type: 'node' };
    assert.equal(withEnvironment(same, 'env', {}), same);
  });
});
