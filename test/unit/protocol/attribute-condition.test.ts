import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatAttributeCondition, parseAttributeCondition } from '../../../src/protocol/attribute-condition.ts';

const CASES: readonly (readonly [text: string, key: string, op: string, value: string])[] = [
  ['http.route=/v1/chat', 'http.route', '=', '/v1/chat'],
  ['a = b=c', 'a', '=', 'b=c'],
  ['status!=200', 'status', '!=', '200'],
  ['model=~gpt-.*', 'model', '=~', 'gpt-.*'],
  ['model!~gpt', 'model', '!~', 'gpt'],
  ['tokens>=500', 'tokens', '>=', '500'],
  ['tokens<1e3', 'tokens', '<', '1e3'],
  ['user.id', 'user.id', 'exists', ''],
  ['!user.id', 'user.id', 'missing', ''],
  ['a=', 'a', '=', ''],
  ['a=" x "', 'a', '=', ' x '],
];

const WRONG = ['', '!', '=x', 'a>ten', 'a="x', 'a="x"y', '<5'];

suite('attribute conditions as text', () => {
  for (const [text, key, op, value] of CASES) {
    test(text, () => assert.deepEqual(parseAttributeCondition(text), { ok: true, value: { key, op, value } }));
  }

  for (const text of WRONG) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseAttributeCondition(text).ok, false));
  }

  test('are read as they were written', () => {
    const condition = fc.record(
      {
        key: fc.stringMatching(/^[a-z][a-z._-]{0,10}$/),
        op: fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
        value: fc.string(),
      },
      { noNullPrototype: true },
    );
    fc.assert(fc.property(condition, (wanted) => assert.deepEqual(parseAttributeCondition(formatAttributeCondition(wanted)), { ok: true, value: wanted })));
  });
});
