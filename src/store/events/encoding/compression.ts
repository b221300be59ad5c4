import * as zlib from 'node:zlib';
import { CorruptBlockError } from './byte-reader.ts';

const RAW = 0;
const DEFLATE = 1;
const ZSTD = 2;

/** Smaller than this, a frame's own header eats the gain. */
const SMALLEST_INPUT_BYTES = 64;

/** Whether this Node has zstd (22.15 and later). */
export const hasZstd = typeof zlib.zstdCompressSync === 'function';

/** Compresses into one tag byte (0 raw, 1 deflate, 2 zstd) and a frame. `useZstd` is for tests. */
export function compressBytes(bytes: Uint8Array, useZstd = hasZstd): Uint8Array {
  if (bytes.length < SMALLEST_INPUT_BYTES) return tagged(RAW, bytes);
  const frame = useZstd
    ? zlib.zstdCompressSync(bytes, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } })
    : zlib.deflateRawSync(bytes, { level: 1 });
  return frame.length < bytes.length ? tagged(useZstd ? ZSTD : DEFLATE, frame) : tagged(RAW, bytes);
}

/** The bytes that {@link compressBytes} was given. Throws a CorruptBlockError when they cannot be had. */
export function decompressBytes(bytes: Uint8Array): Uint8Array {
  const frame = bytes.subarray(1);
  try {
    switch (bytes[0]) {
      case RAW:
        return frame;
      case DEFLATE:
        return zlib.inflateRawSync(frame);
      case ZSTD:
        if (hasZstd) return zlib.zstdDecompressSync(frame);
        throw new CorruptBlockError('compressed with zstd, which this Node lacks');
      default:
        throw new CorruptBlockError(`unknown compression ${String(bytes[0])}`);
    }
  } catch (error) {
    if (error instanceof CorruptBlockError) throw error;
    throw new CorruptBlockError('damaged frame', { cause: error });
  }
}

function tagged(tag: number, bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + 1);
  result[0] = tag;
  result.set(bytes, 1);
  return result;
}
