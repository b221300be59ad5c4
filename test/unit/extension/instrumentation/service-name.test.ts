import assert from 'node:assert/strict';
import fc from 'fast-check';
import { serviceNameOf, type ServiceFiles } from '../../../../src/extension/instrumentation/service-name.ts';

const CASES: readonly (readonly [title: string, files: ServiceFiles, expected: string])[] = [
  ['nothing there', {}, 'folder'],
  ['a package', { packageJson: '{"name":"@acme/api"}' }, '@acme/api'],
  ['a package without a name', { packageJson: '{"private":true}' }, 'folder'],
  ['a package with an empty name', { packageJson: '{"name":" "}' }, 'folder'],
  ['a package that is being typed', { packageJson: '{"name":"a', goMod: 'module cart' }, 'cart'],
  ['a package before a module', { packageJson: '{"name":"web"}', goMod: 'module cart' }, 'web'],
  ['a module', { goMod: '// Comment\nmodule example.com/shop/cart // why\n\ngo 1.24\n' }, 'cart'],
  ['a module of a major version', { goMod: 'module "example.com/shop/cart/v2"' }, 'cart'],
  ['a module called like a version', { goMod: 'module v2' }, 'v2'],
  ['a project', { pyproject: '[build-system]\nname = "wrong"\n[project] # PEP 621\nversion = "1"\nname = "billing"\n' }, 'billing'],
  ['poetry', { pyproject: "[tool.poetry]\nname = 'billing'\r\n" }, 'billing'],
  ['project before poetry', { pyproject: '[tool.poetry]\nname = "old"\n[project]\nname = "new"' }, 'new'],
  ['a name of something else', { pyproject: '[tool.other]\nname = "other"' }, 'folder'],
];

suite('service name', () => {
  for (const [title, files, expected] of CASES) test(title, () => assert.equal(serviceNameOf(files, 'folder'), expected));

  test('any text gives a name', () => {
    fc.assert(fc.property(fc.string(), (text) => serviceNameOf({ packageJson: text, goMod: text, pyproject: text }, 'folder') !== ''));
  });
});
