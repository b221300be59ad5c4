import assert from 'node:assert/strict';
import { labelsFromPairs, labelsFromRecord, labelsToRecord } from '../../../src/model/labels.ts';

suite('model: labels', () => {
  const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', ''];
  test('names that objects have of their own are names like any other', () => {
    const labels = labelsFromPairs(names.map((name) => [name, `value of ${name}`]));
    const record = labelsToRecord(labels);
    assert.deepEqual(Object.keys(record).sort(), [...names].sort());
    for (const name of names) assert.equal(Object.getOwnPropertyDescriptor(record, name)?.value, `value of ${name}`);
    assert.deepEqual(labelsFromRecord(record), labels);
    assert.equal(JSON.stringify(labelsToRecord(['__proto__', 'x'])), '{"__proto__":"x"}');
    assert.deepEqual(Object.keys(Object.prototype), []);
  });

  test('a label without a value is none', () => {
    assert.deepEqual(labelsFromPairs([['b', ''], ['a', '1'], ['a', '2']]), ['a', '2']);
  });
});
