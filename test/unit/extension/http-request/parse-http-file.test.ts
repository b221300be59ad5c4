import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { fillVariables } from '../../../../src/extension/http-request/fill-variables.ts';
import { blockAt, parseHttpFile, type HttpBlock } from '../../../../src/extension/http-request/parse-http-file.ts';

const block = (partial: Partial<HttpBlock>): HttpBlock => ({ name: '', startLine: 0, requestLine: 0, endLine: 0, method: 'GET', url: '', headers: [], body: '', problems: [], ...partial });

const CASES: readonly (readonly [title: string, text: string, expected: readonly HttpBlock[]])[] = [
  ['nothing', '', []],
  ['only comments and variables', '# hello\n// there\n@a = 1\n', []],
  ['a bare URL', 'http://h/x', [block({ name: 'GET http://h/x', url: 'http://h/x' })]],
  ['a version behind the URL', 'DELETE http://h/x HTTP/1.1', [block({ name: 'DELETE http://h/x', method: 'DELETE', url: 'http://h/x' })]],
  [
    'title, headers with comments, body with what looks like comments',
    '### Make one\r\nPOST http://h/x\r\n# no header\r\nA: 1\r\n// nor this\r\na : 2:3\r\n\r\n\r\n# body\r\n\r\n{}\r\n\r\n### next',
    [block({ name: 'Make one', requestLine: 1, endLine: 11, method: 'POST', url: 'http://h/x', headers: [['A', '1'], ['a', '2:3']], body: '# body\n\n{}' })],
  ],
  ['a name in a comment', '###\n# @name login\nGET http://h/', [block({ name: 'login', requestLine: 2, endLine: 2, url: 'http://h/' })]],
  ['a query over several lines', 'GET http://h/x\n  ?a=1\n  &b=2\nA: 1', [block({ name: 'GET http://h/x?a=1&b=2', endLine: 3, url: 'http://h/x?a=1&b=2', headers: [['A', '1']] })]],
  ['spaces in the URL', 'GET http://h/x?q={{ a b }} HTTP/2', [block({ name: 'GET http://h/x?q={{ a b }}', url: 'http://h/x?q={{ a b }}' })]],
  ['what is no header', 'GET http://h/\nnonsense', [block({ name: 'GET http://h/', endLine: 1, url: 'http://h/', problems: [{ line: 1, message: 'not a header: nonsense' }] })]],
  [
    'what we do not do',
    'POST http://h/\n\n< ./body.json\nrest\n\n> {% client.test() %}\nmore',
    [block({ name: 'POST http://h/', endLine: 6, method: 'POST', url: 'http://h/', body: 'rest', problems: [{ line: 2, message: 'a body from a file is not supported: write it here' }, { line: 5, message: 'response handlers and references are not run' }] })],
  ],
  ['an empty block between two', 'GET http://a/\n### empty\n\n### b\nGET http://b/', [block({ name: 'GET http://a/', url: 'http://a/' }), block({ name: 'b', startLine: 3, requestLine: 4, endLine: 4, url: 'http://b/' })]],
];

suite('.http files', () => {
  for (const [title, text, expected] of CASES) test(title, () => assert.deepEqual(parseHttpFile(text).blocks, expected));

  test('the block at a line', () => {
    const file = parseHttpFile('GET http://a/\n\n### b\nGET http://b/\n');
    assert.deepEqual([0, 1, 2, 4, 5].map((line) => blockAt(file, line)?.url), ['http://a/', 'http://a/', 'http://b/', 'http://b/', undefined]);
  });

  test('variables: nested, dynamic, unknown, in a ring', () => {
    const file = parseHttpFile('@host = {{name}}:8080\n@name=localhost\n@ring = {{ring}}\nPOST http://{{host}}/{{ $timestamp }}\nX-{{name}}: {{$uuid}}\n\n{{$randomInt 5 7}} {{nothing}} {{ring}} {{nothing}} {{$processEnv HOME}}');
    const filled = fillVariables(file.blocks[0]!, file.variables, { uuid: () => 'u', nowMs: () => 1_700_000_000_999, random: () => 0.9 });
    assert.deepEqual(filled, {
      method: 'POST',
      url: 'http://localhost:8080/1700000000',
      headers: [['X-localhost', 'u']],
      body: '6 {{nothing}} {{ring}} {{nothing}} {{$processEnv HOME}}',
      unknown: ['nothing', 'ring', '$processEnv HOME'],
    });
  });

  test("the demo's file is whole", () => {
    const { blocks } = parseHttpFile(readFileSync(join(import.meta.dirname, '../../../../samples/workspace/requests.http'), 'utf8'));
    assert.equal(blocks.length, 7);
    assert.deepEqual(blocks.flatMap(({ problems }) => problems), []);
    for (const { body } of blocks) if (body !== '') JSON.parse(body);
  });

  test('any text is read, and blocks do not overlap', () => {
    const line = fc.oneof(fc.constantFrom('###', '### a', 'GET http://h/', 'A: 1', '', '# c', '@a = b', '{}', '< f', '> x', '  ?q'), fc.string());
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        let before = -1;
        for (const { startLine, requestLine, endLine } of parseHttpFile(lines.join('\n')).blocks) {
          assert.ok(before < startLine && startLine <= requestLine && requestLine <= endLine);
          before = endLine;
        }
      }),
    );
  });
});
