import assert from 'node:assert/strict';
import fc from 'fast-check';
import { snappyCompress } from 'hysnappy';
import zlib from 'node:zlib';
import { inflateBody, supportedEncodings } from '../../../src/codec/compression.ts';

const COMPRESSORS: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  identity: (body) => body,
  gzip: (body) => zlib.gzipSync(body),
  'x-gzip': (body) => zlib.gzipSync(body),
  deflate: (body) => zlib.deflateSync(body),
  zstd: (body) => zlib.zstdCompressSync(body),
  snappy: (body) => snappyCompress(body),
};
const MIB = 1024 * 1024;

suite('inflateBody', () => {
  for (const [encoding, compress] of Object.entries(COMPRESSORS)) {
    test(`${encoding}: gives back what was compressed`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 5000 }), (body) => {
          const result = inflateBody(compress(body), encoding, 5000);
          assert.ok(result.ok);
          assert.deepEqual(Buffer.from(result.value), Buffer.from(body));
        }),
        { numRuns: 50 },
      );
    });

    test(`${encoding}: stops at the limit`, () => {
      const result = inflateBody(compress(new Uint8Array(10_001)), encoding, 10_000);
      assert.deepEqual(result, { ok: false, error: { kind: 'too-large', message: 'the body has more than 10000 bytes when inflated' } });
    });

    if (encoding === 'identity') continue;
    test(`${encoding}: a cut or random body is corrupt, never an exception`, () => {
      const good = compress(Buffer.from('some text that is long enough to be cut, '.repeat(20)));
      for (let length = 0; length < good.length; length += 3) {
        const result = inflateBody(good.subarray(0, length), encoding, MIB);
        assert.ok(!result.ok && result.error.kind === 'corrupt', `cut at ${length}`);
      }
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
          const result = inflateBody(body, encoding, MIB);
          assert.ok(result.ok || result.error.message !== '');
        }),
      );
    });
  }

  test('raw deflate, as some clients send it', () => {
    const result = inflateBody(zlib.deflateRawSync(Buffer.from('hello')), 'deflate', 100);
    assert.ok(result.ok);
    assert.equal(Buffer.from(result.value).toString(), 'hello');
  });

  for (const encoding of ['br', 'gzip, gzip', '__proto__', 'constructor']) {
    test(`${encoding} is not supported`, () => {
      const result = inflateBody(Uint8Array.of(1), encoding, 100);
      assert.ok(!result.ok && result.error.kind === 'unsupported');
      assert.ok(result.error.message.includes(supportedEncodings().join(', ')));
    });
  }

  for (const encoding of ['gzip', 'deflate', 'zstd', 'snappy']) {
    test(`${encoding}: a bomb takes no more memory than the limit allows`, () => {
      const bomb = COMPRESSORS[encoding]!(new Uint8Array(64 * MIB));
      const before = process.memoryUsage().arrayBuffers;
      const result = inflateBody(bomb, encoding, MIB);
      assert.ok(!result.ok && result.error.kind === 'too-large');
      // The compressors' garbage may go meanwhile, so only growth counts.
      assert.ok(process.memoryUsage().arrayBuffers - before < 16 * MIB);
    });
  }

  test('snappy: a length that the body cannot hold is refused before memory is taken', () => {
    // Declares 100 MiB in a body of a few bytes.
    const body = Uint8Array.from([0x80, 0x80, 0x80, 0x32, 0, 0]);
    const result = inflateBody(body, 'snappy', 128 * MIB);
    assert.ok(!result.ok && result.error.kind === 'corrupt');
  });
});
