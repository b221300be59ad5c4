import assert from 'node:assert/strict';
import { otelVariables, requireOption, type Environment } from '../../../../src/extension/instrumentation/otel-environment.ts';

const facts = { endpoint: '127.0.0.1:4319', folder: { path: '/w/a, b=c/é', serviceName: 'api' } };
const ALL = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4319',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_SERVICE_NAME: 'api',
  OTEL_RESOURCE_ATTRIBUTES: 'vscode.workspace.folder=/w/a%2C%20b%3Dc/%C3%A9',
};
const { OTEL_SERVICE_NAME: _name, ...UNNAMED } = ALL;
const { OTEL_EXPORTER_OTLP_PROTOCOL: _protocol, ...WITHOUT_PROTOCOL } = ALL;

const CASES: readonly (readonly [title: string, existing: Environment, expected: Record<string, string>])[] = [
  ['an empty environment', {}, ALL],
  ['empty values count as not set', { OTEL_SERVICE_NAME: '', OTEL_EXPORTER_OTLP_ENDPOINT: null }, ALL],
  ["the user's endpoint: nothing is added", { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example' }, {}],
  ["the user's service name", { OTEL_SERVICE_NAME: 'mine' }, UNNAMED],
  ["the user's protocol", { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, WITHOUT_PROTOCOL],
  ["the user's attributes are joined", { OTEL_RESOURCE_ATTRIBUTES: 'team=a' }, { ...ALL, OTEL_RESOURCE_ATTRIBUTES: `team=a,${ALL.OTEL_RESOURCE_ATTRIBUTES}` }],
  ['a service name among the attributes', { OTEL_RESOURCE_ATTRIBUTES: 'service.name=mine' }, { ...UNNAMED, OTEL_RESOURCE_ATTRIBUTES: `service.name=mine,${ALL.OTEL_RESOURCE_ATTRIBUTES}` }],
  ['an editor started from a terminal of another folder', { ...ALL, OTEL_SERVICE_NAME: 'other', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_RESOURCE_ATTRIBUTES: 'vscode.workspace.folder=/other' }, ALL],
];

suite('OTEL environment', () => {
  for (const [title, existing, expected] of CASES) test(title, () => assert.deepEqual(otelVariables(facts, existing), expected));

  test('without a folder, only the address', () => {
    const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL } = ALL;
    assert.deepEqual(otelVariables({ endpoint: facts.endpoint }, {}), { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL });
  });

  test('paths with spaces are quoted for NODE_OPTIONS', () => {
    assert.deepEqual(['/a/b.js', '/a b/c.js', 'C:\\a b\\"c.js'].map(requireOption), ['--require /a/b.js', '--require "/a b/c.js"', '--require "C:\\\\a b\\\\\\"c.js"']);
  });
});
