import assert from 'node:assert/strict';
import { checkCaller } from '../../../src/receive/http/check-caller.ts';
import { REFUSAL_CODES, refuse } from '../../../src/receive/receive-errors.ts';

suite('checkCaller', () => {
  const CASES: readonly (readonly [host: string | undefined, origin: string | undefined, code: string])[] = [
    ['127.0.0.1:4318', undefined, ''],
    ['localhost', undefined, ''],
    ['LOCALHOST:80', undefined, ''],
    ['[::1]:4318', undefined, ''],
    ['10.0.0.7:4318', undefined, ''],
    [undefined, undefined, ''],
    ['localhost', 'http://localhost:3000', ''],
    ['localhost', 'https://127.0.0.1', ''],
    ['localhost', 'http://[::1]:5173', ''],
    ['localhost', 'vscode-webview://1a2b3c', ''],
    ['evil.example:4318', undefined, 'forbidden_host'],
    ['127.0.0.1.evil.example', undefined, 'forbidden_host'],
    ['localhost.evil.example', undefined, 'forbidden_host'],
    ['10.0.0.8:4318', undefined, 'forbidden_host'],
    ['', undefined, 'forbidden_host'],
    ['localhost', 'https://evil.example', 'forbidden_origin'],
    ['localhost', 'https://localhost.evil.example', 'forbidden_origin'],
    ['localhost', 'null', 'forbidden_origin'],
    ['localhost', '', 'forbidden_origin'],
    ['localhost', 'http://localhost@evil.example', 'forbidden_origin'],
    ['localhost', 'http://evil.example:80@localhost', 'forbidden_origin'],
    ['localhost', 'file://', 'forbidden_origin'],
  ];
  for (const [host, origin, code] of CASES) {
    test(`host ${host ?? 'absent'}, origin ${origin ?? 'absent'}`, () => {
      const refusal = checkCaller({ ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }) }, '10.0.0.7');
      assert.equal(refusal?.code ?? '', code);
    });
  }

  test('every refusal has a client or server error, a text with its detail, and an end', () => {
    for (const code of REFUSAL_CODES) {
      const { status, message, rpcCode } = refuse(code, 'DETAIL');
      assert.ok(status >= 400 && status < 600 && rpcCode > 0 && message.includes('DETAIL') && message.endsWith('.'), code);
    }
  });
});
