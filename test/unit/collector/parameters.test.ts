import assert from 'node:assert/strict';
import { parseDurationMs, parseTimeMs } from '../../../src/collector/api/parameters.ts';
import { matchRoute, type ApiRoute } from '../../../src/collector/api/router.ts';
import { parseAddress } from '../../../src/collector/listen.ts';
import { parseAgeMs, parseSizeBytes } from '../../../src/base/quantity-text.ts';

suite('collector: parameters of the HTTP API', () => {
  const times: readonly (readonly [string, number | string])[] = [
    ['0', 0],
    ['1435781430.781', 1435781430781],
    ['-1.5', -1500],
    ['1e3', 1000000],
    ['2015-07-01T20:10:51.781Z', 1435781451781],
    ['2015-07-01T20:10:30+02:00', 1435774230000],
    ['', 'cannot parse "" to a valid timestamp'],
    ['now', 'cannot parse "now" to a valid timestamp'],
    ['2015-07-01', 'cannot parse "2015-07-01" to a valid timestamp'],
    ['0x10', 'cannot parse "0x10" to a valid timestamp'],
    ['Inf', 'cannot parse "Inf" to a valid timestamp'],
    ['1e300', 'cannot parse "1e300" to a valid timestamp'],
    ['60.0004', 60_000],
    ['60.0005', 60_001],
    ['6_0', 60_000],
    ['1970-01-01T0:01:00,5Z', 60_500],
    ['1970-01-01T00:01:00.1239Z', 60_123],
    ['1970-02-30T00:00:00Z', 'cannot parse "1970-02-30T00:00:00Z" to a valid timestamp'],
    ['1970-01-01T24:00:00Z', 'cannot parse "1970-01-01T24:00:00Z" to a valid timestamp'],
    ['292277025-08-18T07:12:54.999999999Z', 9_223_309_901_257_974],
  ];
  for (const [text, expected] of times) {
    test(`time ${JSON.stringify(text)}`, () => {
      const result = parseTimeMs(text);
      assert.equal(result.ok ? result.value : result.error, expected);
    });
  }

  const durations: readonly (readonly [string, number | string])[] = [
    ['15', 15_000],
    ['0.5', 500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1y2w3d4h5m6s7ms', 31_536_000_000 + 2 * 604_800_000 + 3 * 86_400_000 + 4 * 3_600_000 + 5 * 60_000 + 6007],
    ['30m1h', 'cannot parse "30m1h" to a valid duration'],
    ['', 'cannot parse "" to a valid duration'],
    ['abc', 'cannot parse "abc" to a valid duration'],
    ['1e300', 'cannot parse "1e300" to a valid duration. It overflows int64'],
    ['Inf', 'cannot parse "Inf" to a valid duration. It overflows int64'],
    ['300y', 'cannot parse "300y" to a valid duration'],
    ['0.0001', 0.1],
    ['-1.5', -1500],
  ];
  for (const [text, expected] of durations) {
    test(`duration ${JSON.stringify(text)}`, () => {
      const result = parseDurationMs(text);
      assert.equal(result.ok ? result.value : result.error, expected);
    });
  }

  test('routes: segments are decoded, a wrong method names the right ones, an unknown path is a 404', () => {
    const route: ApiRoute = { methods: ['GET'], path: '/api/v1/label/:name/values', handle: () => ({ status: 200, contentType: '', body: '' }) };
    const match = matchRoute([route], 'GET', '/api/v1/label/a%20b/values');
    assert.deepEqual('segments' in match && match.segments, { name: 'a b' });
    const wrongMethod = matchRoute([route], 'DELETE', '/api/v1/label/x/values');
    assert.deepEqual('answer' in wrongMethod && [wrongMethod.answer.status, wrongMethod.answer.headers], [405, { allow: 'GET' }]);
    for (const path of ['/api/v1/label/x', '/api/v1/label/%zz/values', '/api/v1/label//values', '/api/v1/label/a%2Fb/values', '/']) {
      const unknown = matchRoute([route], 'GET', path);
      assert.equal('answer' in unknown && unknown.answer.status, 404, path);
    }
  });

  test('addresses, ages and sizes of the command line', () => {
    assert.deepEqual(parseAddress('127.0.0.1:4390'), { host: '127.0.0.1', port: 4390 });
    assert.deepEqual(parseAddress('[::1]:0'), { host: '::1', port: 0 });
    assert.deepEqual(parseAddress(':9'), { host: '127.0.0.1', port: 9 });
    for (const bad of ['4390', '127.0.0.1', 'a:b', '127.0.0.1:70000', '']) assert.equal(parseAddress(bad), undefined, bad);
    assert.deepEqual(['90s', '1h30m', '2d', '0.5s', '', 'h', '5'].map(parseAgeMs), [90_000, 5_400_000, 172_800_000, 500, undefined, undefined, undefined]);
    assert.deepEqual(['2GiB', '256MB', '10', '1.5KiB', 'x', '5 Q'].map(parseSizeBytes), [2 * 1024 ** 3, 256e6, 10, 1536, undefined, undefined]);
  });
});
