import assert from 'node:assert/strict';
import fc from 'fast-check';
import { extractJson, extractLogfmt } from '../../../src/logql/extract-fields.ts';
import type { LogEntry } from '../../../src/logql/log-entry.ts';
import { parseLogql } from '../../../src/logql/parse-logql.ts';
import { createPipeline } from '../../../src/logql/pipeline.ts';
import { pushdownOf } from '../../../src/logql/pushdown.ts';

const STREAM = { service_name: 'api', level: 'info', host_name: 'dev' };
const JSON_LINE = '{"status":503,"took":"1.5s","size":"2KB","user":{"id":"u1","tags":[1]},"level":"warn","ok":true,"none":null}';
const LOGFMT_LINE = 'msg="it \\"failed\\"" status=503 took=20ms empty= bare size=3MB';

function entry(line: string, metadata: Record<string, string> = {}): LogEntry {
  return { line, stream: new Map(Object.entries(STREAM)), metadata: new Map(Object.entries(metadata)) };
}

function run(query: string, line: string, metadata?: Record<string, string>): Record<string, string> | undefined {
  const parsed = parseLogql(query);
  assert.ok(parsed.ok && parsed.value.kind === 'log', query);
  const passed = createPipeline(parsed.value)(entry(line, metadata));
  return passed && Object.fromEntries(passed.parsed);
}

/** Whether a query lets a line pass. */
const PASSES: readonly (readonly [query: string, line: string, passes: boolean])[] = [
  ['{}', '', true],
  ['{service_name="api"}', '', true],
  ['{service_name="ap"}', '', false],
  ['{service_name=~"a.."}', '', true],
  ['{missing=""}', '', true],
  ['{missing!="x"}', '', true],
  ['{host_name!~"d.*"}', '', false],
  ['{} |= "Error"', 'an Error', true],
  ['{} |= "error"', 'an Error', false],
  ['{} != "Error"', 'an Error', false],
  ['{} |~ "^an"', 'an Error', true],
  ['{} |~ "(?i)ERROR$"', 'an Error', true],
  ['{} !~ "E.*r"', 'an Error', false],
  ['{} | trace_id="t1"', 'x', true],
  ['{} | trace_id="t2"', 'x', false],
  ['{} | json | status>=500', JSON_LINE, true],
  ['{} | json | status<500', JSON_LINE, false],
  ['{} | json | status=503', JSON_LINE, true],
  ['{} | json | status="503"', JSON_LINE, true],
  ['{} | json | took>1s', JSON_LINE, true],
  ['{} | json | took>2s', JSON_LINE, false],
  ['{} | json | size>=2000b', JSON_LINE, true],
  ['{} | json | size>2KiB', JSON_LINE, false],
  ['{} | json | user_id="u1" and ok="true"', JSON_LINE, true],
  ['{} | json | user_id="u2" or ok="true"', JSON_LINE, true],
  ['{} | json | user_id="u2", ok="true"', JSON_LINE, false],
  ['{} | json | level="info"', JSON_LINE, true],
  ['{} | json | level_extracted="warn"', JSON_LINE, true],
  ['{} | json | nothing>5', JSON_LINE, false],
  ['{} | json | nothing!="x"', JSON_LINE, true],
  ['{} | json | __error__="JSONParserErr"', 'no json', true],
  ['{} | json | __error__=""', 'no json', false],
  ['{} | json | drop __error__ | __error__=""', 'no json', true],
  ['{} | json | user_id>5', JSON_LINE, true],
  ['{} | json | user_id>5 | __error__=""', JSON_LINE, false],
  ['{} | logfmt | status==503', LOGFMT_LINE, true],
  ['{} | logfmt | took<=20ms | size>2MB', LOGFMT_LINE, true],
  ['{} | logfmt | msg=~".*failed.*"', LOGFMT_LINE, true],
];

suite('LogQL: pipeline', () => {
  for (const [query, line, passes] of PASSES) {
    test(`${query} ${passes ? 'takes' : 'refuses'} ${line.slice(0, 20)}`, () => assert.equal(run(query, line, { trace_id: 't1' }) !== undefined, passes));
  }

  test('parsers find fields', () => {
    assert.deepEqual(run('{} | json', JSON_LINE), { status: '503', took: '1.5s', size: '2KB', user_id: 'u1', level_extracted: 'warn', ok: 'true' });
    assert.deepEqual(run('{} | logfmt', LOGFMT_LINE), { msg: 'it "failed"', status: '503', took: '20ms', size: '3MB' });
    assert.deepEqual(run('{} | json | drop ok, status, size, took', '{"a.b":1,"9":2,"ok":0}'), { a_b: '1', _9: '2' });
  });

  test('parsers read any line without throwing', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom('a', '=', '"', '\\', ' ', '\t', '{', '}') })), (line) => {
      for (const [name] of [...extractLogfmt(line), ...(extractJson(line) ?? [])]) assert.match(name, /^\w*$/);
    }), { numRuns: 1000 });
  });

  test('what a store checks in place of the pipeline says the same', () => {
    const queries = ['{service_name="api"}', '{service_name=~"api|web"} |= "a"', '{level="info",level=~"warn"}', '{level=~"info|warn"} != "a" |~ "b"', '{service_name=""}', '{host_name="dev"} |= "b"', '{} !~ "a" | json | x="1"'];
    fc.assert(fc.property(fc.constantFrom(...queries), fc.string({ unit: fc.constantFrom('a', 'b', 'c') }), (query, line) => {
      const parsed = parseLogql(query);
      assert.ok(parsed.ok && parsed.value.kind === 'log');
      const { services, levels, lines, isExact } = pushdownOf(parsed.value);
      const pushed =
        (services?.includes(STREAM.service_name) ?? true) &&
        (levels?.includes(STREAM.level) ?? true) &&
        lines.every((test) => ('text' in test ? line.includes(test.text) === (test.op === 'contains') : test.pattern.matches(line) === (test.op === 'matches')));
      const passes = createPipeline(parsed.value)(entry(line)) !== undefined;
      if (isExact) assert.equal(pushed, passes);
      else assert.ok(pushed || !passes);
    }));
  });
});
