import * as zlib from 'node:zlib';
import { ByteReader, CorruptBlockError } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

const RAW = 0;
const DEFLATE = 1;
const ZSTD = 2;

/** Smaller than this, a frame's own header eats the gain. */
const SMALLEST_INPUT_BYTES = 64;

/** A length beyond this is damage, not data: nothing that large is accepted from a sender. */
const LARGEST_OUTPUT_BYTES = 2 ** 30;

/** Whether this Node has zstd (22.15 and later). */
export const hasZstd = typeof zlib.zstdCompressSync === 'function';

/** Compresses into a tag byte (0 raw, 1 deflate, 2 zstd), the length before as a varint, and a frame. `useZstd` is for tests. */
export function compressBytes(bytes: Uint8Array, useZstd = hasZstd): Uint8Array {
  const frame = bytes.length < SMALLEST_INPUT_BYTES ? undefined : compressFrame(bytes, useZstd);
  const isSmaller = frame !== undefined && frame.length < bytes.length;
  const header = new ByteWriter(16);
  header.byte(isSmaller ? (useZstd ? ZSTD : DEFLATE) : RAW);
  header.varint(bytes.length);
  return Buffer.concat([header.peek(), isSmaller ? frame : bytes]);
}

/** The bytes that {@link compressBytes} was given. Throws a CorruptBlockError when they cannot be had. */
export function decompressBytes(bytes: Uint8Array): Uint8Array {
  const reader = new ByteReader(bytes);
  const tag = reader.byte();
  const length = reader.varint();
  if (length > LARGEST_OUTPUT_BYTES) throw new CorruptBlockError('damaged frame');
  const result = decompressFrame(tag, bytes.subarray(reader.offset), length);
  if (result.length !== length) throw new CorruptBlockError('damaged frame');
  return result;
}

// Node's default output chunk of 16 KiB would make several chunks, to be joined; with the right size there is one.
function compressFrame(bytes: Uint8Array, useZstd: boolean): Uint8Array {
  const chunkSize = bytes.length + 1024;
  return useZstd
    ? zlib.zstdCompressSync(bytes, { chunkSize, params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } })
    : zlib.deflateRawSync(bytes, { chunkSize, level: 1 });
}

function decompressFrame(tag: number, frame: Uint8Array, length: number): Uint8Array {
  if (tag === RAW) return frame;
  if (tag !== DEFLATE && tag !== ZSTD) throw new CorruptBlockError(`unknown compression ${tag}`);
  if (tag === ZSTD && !hasZstd) throw new CorruptBlockError('compressed with zstd, which this Node lacks');
  const options = { chunkSize: Math.max(64, length), maxOutputLength: Math.max(1, length) };
  try {
    return tag === ZSTD ? zlib.zstdDecompressSync(frame, options) : zlib.inflateRawSync(frame, options);
  } catch (error) {
    throw new CorruptBlockError('damaged frame', { cause: error });
  }
}
