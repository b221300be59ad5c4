import assert from 'node:assert/strict';
import { transform } from 'esbuild';
import { findDeclaration, simpleName } from '../../../../src/extension/source/find-declaration.ts';
import { originalPosition, sourceMapUrl } from '../../../../src/extension/source/original-position.ts';
import { resolveSource, type SourceEnvironment } from '../../../../src/extension/source/resolve-source.ts';
import { normalPath, type PathMappings } from '../../../../src/extension/source/source-paths.ts';
import type { SourceReference } from '../../../../src/extension/source/source-reference.ts';

const TEXTS: Record<string, string> = {
  '/w/src/a.ts': 'const x = 1;\nexport function handle(request: Request): void {\n}\n',
  '/w/packages/api/src/index.ts': '',
  '/w/packages/web/src/index.ts': '',
  '/w/services/pay/main.go': 'package main\n\nfunc (s *Server) handle() {\n}\n',
  '/w/shop/src/main/java/com/acme/Shop.java': 'class Shop {\n  public Answer pay(Cart cart) {\n  }\n}',
  '/w/request.js': '',
  '/w/my dir/b.py': '',
};

function environmentOf(texts: Record<string, string>, mappings: PathMappings = {}): SourceEnvironment {
  return {
    folders: ['/w'],
    mappings,
    exists: async (path) => path in texts,
    filesNamed: async (name) => Object.keys(texts).filter((path) => path.endsWith(`/${name}`)),
    readText: async (path) => texts[path],
    findFunction: async (name) => {
      for (const [file, text] of Object.entries(texts)) {
        const line = findDeclaration(text, name);
        if (line !== undefined) return { file, line };
      }
      return undefined;
    },
  };
}

const CASES: readonly (readonly [title: string, reference: SourceReference, expected: string | undefined, mappings?: PathMappings])[] = [
  ['the path itself', { file: '/w/src/a.ts', line: 3, column: 7 }, '/w/src/a.ts:3:7 path'],
  ['a URL with escapes', { file: 'file:///w/my%20dir/b.py', line: 1 }, '/w/my dir/b.py:1:1 path'],
  ['relative to a folder', { file: 'src/a.ts', line: 2 }, '/w/src/a.ts:2:1 path'],
  ["a container's path", { file: '/usr/src/app/src/a.ts', line: 2 }, '/w/src/a.ts:2:1 suffix'],
  ['a path of Windows', { file: 'D:\\build\\src\\a.ts', line: 2 }, '/w/src/a.ts:2:1 suffix'],
  ['a bundler', { file: 'webpack://shop/./src/a.ts?1f2e', line: 2 }, '/w/src/a.ts:2:1 path'],
  ['the longest end wins', { file: '/app/api/src/index.ts', line: 5 }, '/w/packages/api/src/index.ts:5:1 suffix'],
  ['two that agree as much: none', { file: '/app/src/index.ts', line: 5 }, undefined],
  ['a mapping decides', { file: '/app/src/index.ts', line: 5 }, '/w/packages/web/src/index.ts:5:1 mapping', { '/app': '${workspaceFolder}/packages/web' }],
  ['the longest mapping first', { file: '/app/x/index.ts', line: 5 }, '/w/packages/api/src/index.ts:5:1 mapping', { '/app': '/w/none', '/app/x/': 'packages/api/src' }],
  ['a mapping to nothing falls back', { file: '/app/src/a.ts', line: 1 }, '/w/src/a.ts:1:1 suffix', { '/app': '/elsewhere' }],
  ['a JVM package', { file: 'com/acme/Shop.java', line: 2 }, '/w/shop/src/main/java/com/acme/Shop.java:2:1 suffix'],
  ['a library is not the file of that name here', { file: '/app/node_modules/request/request.js', line: 1 }, undefined],
  ['nor is the runtime', { file: '/usr/local/go/src/runtime/main.go', line: 1 }, undefined],
  ['a way out of the folders', { file: '../../etc/passwd', line: 1 }, undefined],
  ['no line: the function in that file', { file: '/app/src/a.ts', functionName: 'Server.handle' }, '/w/src/a.ts:2:1 suffix'],
  ['no line and no function', { file: '/w/src/a.ts' }, '/w/src/a.ts:1:1 path'],
  ['no file: the function', { functionName: 'com.acme.Shop.pay' }, '/w/shop/src/main/java/com/acme/Shop.java:2:1 function'],
  ['a file that is not here: the function', { file: '/app/gone.go', line: 9, functionName: 'main.(*Server).handle' }, '/w/src/a.ts:2:1 function'],
  ['nor is a function of a library one of here', { file: '/app/node_modules/x/y.js', line: 9, functionName: 'handle' }, undefined],
  ['nothing', { file: '/app/gone.go', line: 9, functionName: 'main.none' }, undefined],
];

suite('source resolver', () => {
  for (const [title, reference, expected, mappings] of CASES) {
    test(title, async () => {
      const place = await resolveSource(reference, environmentOf(TEXTS, mappings));
      assert.equal(place && `${place.file}:${place.line}:${place.column} ${place.how}`, expected);
    });
  }

  for (const sourcemap of ['inline', 'external'] as const) {
    test(`through a source map, ${sourcemap}`, async () => {
      const source = 'interface Gone {\n  a: number;\n}\n\nexport function fail(): never {\n  throw new Error("x");\n}\n';
      const { code, map } = await transform(source, { loader: 'ts', sourcemap, sourcefile: '../src/fail.ts' });
      const generated = sourcemap === 'inline' ? code : `${code}//# sourceMappingURL=fail.js.map\n`;
      const texts = { '/w/dist/fail.js': generated, '/w/dist/fail.js.map': map, '/w/src/fail.ts': source };
      const line = generated.split('\n').findIndex((text) => text.includes('throw')) + 1;
      assert.deepEqual(await resolveSource({ file: '/app/dist/fail.js', line, column: 3 }, environmentOf(texts)), { file: '/w/src/fail.ts', line: 6, column: 3, how: 'source map' });
      assert.equal((await resolveSource({ file: '/w/dist/fail.js', line }, environmentOf(texts)))?.line, 6);
      assert.equal((await resolveSource({ file: '/w/dist/fail.js', line: 4000, column: 1 }, environmentOf(texts)))?.how, 'path');
    });
  }

  test('broken maps say nothing', () => {
    assert.deepEqual(['', '{}', 'null', '{"version":3,"sources":[],"mappings":"!!"}'].map((json) => originalPosition(json, 1, 1)), [undefined, undefined, undefined, undefined]);
    assert.equal(sourceMapUrl('a\n//# sourceMappingURL=old.map\nb\n//# sourceMappingURL=new.map\n'), 'new.map');
    assert.equal(sourceMapUrl('"//# sourceMappingURL=text.map"'), undefined);
  });

  test('declarations, not calls', () => {
    const text = ['handle(1) {', 'await handle();', 'return handle(x) {', 'const y = handle;', 'const other = 1;', '  private async handle(a: string): Promise<void> {'];
    for (const [declaration, expected] of [
      ['def handle(self):', 1], ['async def handle():', 1], ['fn handle<T>(a: T) {', 1], ['export const handle = async (a) => {', 1], ['const handle = (a: number): string => `${a}`', 1], ['exports.handle = function () {', undefined],
      ['func handle[T any](a T) {', 1], ['export async function* handle() {', 1], ['  if (handle(x)) {', undefined], ['handled() {', undefined], ['# handle', undefined],
    ] as const) assert.equal(findDeclaration(declaration, 'handle'), expected, declaration);
    assert.equal(findDeclaration(text.slice(1).join('\n'), 'handle'), 5);
    assert.deepEqual(['main.(*Server).handle', 'com.acme.Shop.pay', 'f', 'a.<locals>.b', 'main.main.func1', 'x.handle(int)', ''].map(simpleName), ['handle', 'pay', 'f', 'b', 'func1', 'handle', '']);
  });

  test('reported paths', () => {
    assert.deepEqual(['file:///C:/a%20b/c.ts', 'C:\\a\\b.ts', 'webpack-internal:///./src/a.ts', 'app:///src/a.ts', '/a%20b'].map(normalPath), ['C:/a b/c.ts', 'C:/a/b.ts', 'src/a.ts', 'src/a.ts', '/a%20b']);
  });
});
