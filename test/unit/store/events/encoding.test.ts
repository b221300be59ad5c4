import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteReader, CorruptBlockError } from '../../../../src/store/events/encoding/byte-reader.ts';
import { ByteWriter } from '../../../../src/store/events/encoding/byte-writer.ts';
import { compressBytes, decompressBytes } from '../../../../src/store/events/encoding/compression.ts';
import { joinDeltas, packParts, unpackColumns } from '../../../../src/store/events/encoding/columns.ts';
import { IdTable } from '../../../../src/store/events/encoding/id-table.ts';
import { LogEncoder } from '../../../../src/store/events/encoding/log-encoder.ts';
import { LOG_LAYOUT } from '../../../../src/store/events/encoding/log-layout.ts';
import { LogView } from '../../../../src/store/events/encoding/log-view.ts';
import { SpanEncoder } from '../../../../src/store/events/encoding/span-encoder.ts';
import { SPAN_LAYOUT } from '../../../../src/store/events/encoding/span-layout.ts';
import { SpanView } from '../../../../src/store/events/encoding/span-view.ts';
import type { BlockParts, ColumnLayout } from '../../../../src/store/events/encoding/block-parts.ts';
import { anyLogRecord, anySpan, span } from './samples.ts';

function partsFromDeltas(deltas: readonly Uint8Array[], layout: ColumnLayout): BlockParts {
  return packParts(joinDeltas(deltas, layout.core + layout.ids + layout.detail), layout);
}

suite('events store: encoding', () => {
  test('numbers and texts round-trip', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.maxSafeInteger().map(Math.abs), fc.string({ unit: 'grapheme' }))), (values) => {
        const writer = new ByteWriter();
        for (const value of values) {
          if (typeof value === 'number') writer.varint(value);
          else writer.text(value);
        }
        const reader = new ByteReader(writer.copy());
        assert.deepEqual(values.map((value) => (typeof value === 'number' ? reader.varint() : reader.text())), values);
        assert.equal(reader.isAtEnd, true);
      }),
    );
  });

  test('spans round-trip, all at once and as deltas', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anySpan, { maxLength: 4 }), { maxLength: 5 }), (batches) => {
        const encoder = new SpanEncoder();
        encoder.append(span());
        encoder.clear();
        const deltas = batches.map((batch) => {
          for (const item of batch) assert.equal(encoder.append(item), true);
          return encoder.takeDelta();
        });
        const spans = batches.flat();
        for (const parts of [encoder.parts(), partsFromDeltas(deltas, SPAN_LAYOUT)]) {
          const view = new SpanView((name) => parts[name], spans.length);
          assert.deepEqual(spans.map((_, row) => view.record(row)), spans);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('log records round-trip, all at once and as deltas', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyLogRecord, { maxLength: 4 }), { maxLength: 5 }), (batches) => {
        const encoder = new LogEncoder();
        const deltas = batches.map((batch) => {
          for (const item of batch) assert.equal(encoder.append(item), true);
          return encoder.takeDelta();
        });
        const records = batches.flat();
        for (const parts of [encoder.parts(), partsFromDeltas(deltas, LOG_LAYOUT)]) {
          const view = new LogView((name) => parts[name], records.length);
          assert.deepEqual(records.map((_, row) => view.record(row)), records);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('spans without proper ids are refused and leave no trace', () => {
    const encoder = new SpanEncoder();
    for (const parts of [{ traceId: '' }, { traceId: 'x'.repeat(32) }, { spanId: '12' }, { parentSpanId: 'zz' }, { spanId: '\u0130'.repeat(16) }]) {
      assert.equal(encoder.append(span(parts)), false);
    }
    assert.equal(encoder.sizeBytes, 0);
  });

  test('damaged blocks give an error, never anything else', () => {
    const encoder = new SpanEncoder();
    for (const item of fc.sample(anySpan, { numRuns: 8, seed: 1 })) encoder.append(item);
    const parts = encoder.parts();
    fc.assert(
      fc.property(
        fc.constantFrom('core', 'ids', 'detail'),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat()),
        (part, changes, cut) => {
          let bytes = Uint8Array.from(parts[part]);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          if (cut !== null) bytes = bytes.slice(0, cut % bytes.length);
          const view = new SpanView((name) => (name === part ? bytes : parts[name]), 8);
          try {
            for (let row = 0; row < 8; row++) view.record(row);
          } catch (error) {
            assert.ok(error instanceof CorruptBlockError, String(error));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('compression round-trips with zstd and with deflate', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(50), fc.boolean(), (bytes, times, useZstd) => {
        const repeated = Buffer.concat(Array.from({ length: times }, () => bytes));
        assert.deepEqual(Buffer.from(decompressBytes(compressBytes(repeated, useZstd))), repeated);
      }),
    );
  });

  test('damaged frames give an error', () => {
    const frame = compressBytes(Buffer.from('some text '.repeat(50)));
    for (const bytes of [frame.slice(0, 9), new Uint8Array([9, 1, 2]), new Uint8Array(0), frame.map((byte, i) => (i === 6 ? byte ^ 255 : byte))]) {
      assert.throws(() => unpackColumns(decompressBytes(bytes), 3), CorruptBlockError);
    }
  });

  test('ids are numbered by first sight', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(800)), { maxLength: 3000 }), (ids) => {
        const table = new IdTable(2);
        const oracle = new Map<string, number>();
        for (const id of ids) {
          const key = id.join();
          if (!oracle.has(key)) oracle.set(key, oracle.size);
          assert.equal(table.add(Uint32Array.from(id)), oracle.get(key));
        }
        assert.equal(table.count, oracle.size);
      }),
      { numRuns: 20 },
    );
  });
});
