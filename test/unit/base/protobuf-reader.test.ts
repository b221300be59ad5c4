import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ProtobufError, ProtobufReader, tagOf, WIRE } from '../../../src/base/protobuf-reader.ts';

function varint(value: bigint): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
  return out;
}

const reader = (bytes: readonly number[]): ProtobufReader => new ProtobufReader(Uint8Array.from(bytes));

suite('protobuf reader', () => {
  test('varints of all kinds equal BigInt arithmetic', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (value) => {
        assert.equal(reader(varint(value)).int64(), Number(value));
        assert.equal(reader(varint(value)).uint64(), Number(BigInt.asUintN(64, value)));
        assert.equal(reader(varint(value)).uint64BigInt(), BigInt.asUintN(64, value));
        assert.equal(reader(varint(value)).uint32(), Number(BigInt.asUintN(32, value)));
        assert.equal(reader(varint(value)).int32(), Number(BigInt.asIntN(32, value)));
        assert.equal(reader(varint((value << 1n) ^ (value >> 63n))).sint64(), Number(value));
      }),
    );
    for (const value of [0n, -1n, 1n, -2n, 1_700_000_000_123n, -1_700_000_000_123n, 2n ** 53n - 1n, -(2n ** 53n) + 1n]) {
      assert.equal(reader(varint(value)).int64(), Number(value));
      assert.equal(reader(varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)))).sint64(), Number(value));
    }
  });

  test('sint32 is zigzag', () => {
    assert.deepEqual([0n, 1n, 2n, 3n, 0xffffffffn].map((n) => reader(varint(n)).sint32()), [0, -1, 1, -2, -2147483648]);
  });

  test('strings come back whatever their length and alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const utf8 = Buffer.from(text, 'utf8');
        const bytes = [...varint(BigInt(utf8.length)), ...utf8];
        assert.equal(reader(bytes).string(), utf8.toString('utf8'));
        assert.equal(reader(bytes).strictString(), utf8.toString('utf8'));
      }),
    );
    assert.equal(reader([3, 0xef, 0xbf, 0xbd]).strictString(), '\ufffd');
    assert.equal(reader([1, 0xff]).string(), '\ufffd');
    assert.throws(() => reader([1, 0xff]).strictString(), ProtobufError);
  });

  test('a submessage ends where its length says, and skipping knows every wire type', () => {
    const message = reader([
      ...[tagOf(1, WIRE.bytes), 4, tagOf(1, WIRE.varint), 5, tagOf(2, WIRE.varint), 6],
      ...[tagOf(2, WIRE.fixed64), 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
      ...[tagOf(3, WIRE.startGroup), tagOf(9, WIRE.startGroup), tagOf(9, WIRE.endGroup), tagOf(1, WIRE.varint), 1, tagOf(3, WIRE.endGroup)],
      ...[tagOf(4, WIRE.fixed32), 1, 0, 0, 0],
      ...[tagOf(5, WIRE.fixed64), 2, 0, 0, 0, 0, 0, 0xf0, 0x7f],
    ]);
    assert.equal(message.tag(), tagOf(1, WIRE.bytes));
    const outer = message.enter();
    assert.equal(message.tag(), tagOf(1, WIRE.varint));
    assert.equal(message.int32(), 5);
    message.leave(outer);
    assert.equal(message.tag(), tagOf(2, WIRE.fixed64));
    assert.equal(message.double(), 1);
    message.skip(message.tag());
    message.skip(message.tag());
    assert.equal(message.tag(), tagOf(5, WIRE.fixed64));
    message.fixed64Words();
    assert.deepEqual([message.high, message.low], [0x7ff00000, 2]);
    assert.equal(message.pos, message.end);
  });

  test('malformed bytes give the typed error', () => {
    const cases: readonly [string, readonly number[], (r: ProtobufReader) => unknown][] = [
      ['truncated varint', [0x80], (r) => r.uint32()],
      ['endless varint', Array.from({ length: 12 }, () => 0x80), (r) => r.int64()],
      ['length too long', [5, 1, 2], (r) => r.bytesView()],
      ['truncated double', [1, 2, 3], (r) => r.double()],
      ['field number 0', [2], (r) => r.tag()],
      ['open group', [tagOf(1, WIRE.startGroup), 8, 1], (r) => { r.skip(r.tag()); }],
      ['stray end of group', [tagOf(1, WIRE.endGroup)], (r) => { r.skip(r.tag()); }],
    ];
    for (const [name, bytes, read] of cases) assert.throws(() => read(reader(bytes)), ProtobufError, name);
  });

  test('walking random bytes ends or throws the typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const r = new ProtobufReader(bytes);
        try {
          while (r.pos < r.end) r.skip(r.tag());
          assert.equal(r.pos, bytes.length);
        } catch (error) {
          assert.ok(error instanceof ProtobufError);
        }
      }),
    );
  });
});
