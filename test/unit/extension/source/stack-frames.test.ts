import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sourceReferenceOf } from '../../../../src/extension/source/source-reference.ts';
import { parseStackFrames } from '../../../../src/extension/source/stack-frames.ts';

type Expected = readonly [file: string, line: number, column: number | undefined, functionName: string | undefined];

const CASES: readonly (readonly [title: string, text: string, expected: readonly Expected[]])[] = [
  ['nothing', 'Error: at home (yes)\n\nat last', []],
  [
    'V8',
    [
      'TypeError: x is not a function',
      '    at Object.<anonymous> (/app/src/a.ts:3:5)',
      '    at async Server.handle [as run] (file:///app/src/my%20dir/b.js:10:20)',
      '    at new Cart (C:\\work\\cart.js:7:1)',
      '    at /app/src/c.mjs:1:2',
      '    at Proxy.f (/app/pages/(shop)/d.tsx:4:6)',
      '    at node:internal/process/task_queues:95:5',
      '    at eval (eval at run (/app/a.js:1:1), <anonymous>:1:1)',
      '    at Array.map (<anonymous>)',
    ].join('\n'),
    [
      ['/app/src/a.ts', 3, 5, undefined], ['file:///app/src/my%20dir/b.js', 10, 20, 'Server.handle'], ['C:\\work\\cart.js', 7, 1, 'Cart'],
      ['/app/src/c.mjs', 1, 2, undefined], ['/app/pages/(shop)/d.tsx', 4, 6, 'Proxy.f'],
    ],
  ],
  [
    'Go',
    'panic: boom\n\ngoroutine 1 [running]:\nmain.(*Server).handle(0xc000010000, {0x1, 0x2})\n\t/app/cmd/server/main.go:42 +0x1d\ncreated by main.main in goroutine 1\n\t/app/cmd/server/main.go:10 +0x25\nexit status 2',
    [['/app/cmd/server/main.go', 42, undefined, 'main.(*Server).handle'], ['/app/cmd/server/main.go', 10, undefined, 'main.main']],
  ],
  [
    'Python',
    'Traceback (most recent call last):\n  File "/app/api/views.py", line 12, in pay\n    charge(cart)\n  File "/app/run.py", line 3, in <module>\n  File "<string>", line 1, in x\nValueError: no',
    [['/app/api/views.py', 12, undefined, 'pay'], ['/app/run.py', 3, undefined, undefined]],
  ],
  [
    'JVM',
    'java.lang.IllegalStateException: no\n\tat com.acme.Shop$Cart.pay(Shop.java:42)\n\tat app//com.acme.MainKt.main(Main.kt:3)\n\tat java.base/java.lang.Thread.run(Thread.java:829)\n\tat com.acme.X.native(Native Method)\nCaused by: x\n\t... 3 more',
    [['com/acme/Shop.java', 42, undefined, 'com.acme.Shop.Cart.pay'], ['com/acme/Main.kt', 3, undefined, 'com.acme.MainKt.main'], ['java/lang/Thread.java', 829, undefined, 'java.lang.Thread.run']],
  ],
];

suite('stack frames', () => {
  for (const [title, text, expected] of CASES) {
    test(title, () => assert.deepEqual(parseStackFrames(text).map(({ file, line, column, functionName }) => [file, line, column, functionName]), expected));
  }

  test('any text is read, long lines in no time', () => {
    fc.assert(fc.property(fc.string(), (text) => parseStackFrames(text).every(({ line }) => line >= 0)));
    const startMs = performance.now();
    parseStackFrames(['at a'.repeat(100_000), `at ${'('.repeat(1900)}`, `at ${'a.'.repeat(900)}(`, `${'x '.repeat(900)}.go:1`].join('\n'));
    assert.ok(performance.now() - startMs < 500);
  });

  test('attributes of both generations of the conventions', () => {
    const none = { column: undefined, functionName: undefined, line: undefined };
    assert.deepEqual(sourceReferenceOf({ 'code.file.path': '/a.ts', 'code.line.number': 3, 'code.column.number': '4', 'code.function.name': 'f' }), { file: '/a.ts', line: 3, column: 4, functionName: 'f' });
    assert.deepEqual(sourceReferenceOf({ 'code.filepath': 'a.py', 'code.lineno': '0' }), { ...none, file: 'a.py' });
    assert.deepEqual(sourceReferenceOf({ 'code.namespace': 'com.acme.Shop', 'code.function': 'pay' }), { ...none, file: undefined, functionName: 'com.acme.Shop.pay' });
    assert.equal(sourceReferenceOf({ 'code.line.number': 3, 'code.filepath': '' }), undefined);
  });
});
