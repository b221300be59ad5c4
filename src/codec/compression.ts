import { snappyUncompressor } from 'hysnappy';
import zlib from 'node:zlib';
import { fail, ok, type Result } from '../base/result.ts';

/** Why a body could not be inflated; `kind` decides the HTTP status. */
export interface InflateProblem {
  readonly kind: 'unsupported' | 'too-large' | 'corrupt';
  readonly message: string;
}

/** The content encodings that {@link inflateBody} knows on this machine (zstd needs a Node that has it). */
export function supportedEncodings(): readonly string[] {
  return typeof zlib.zstdDecompressSync === 'function' ? ['gzip', 'deflate', 'zstd', 'snappy'] : ['gzip', 'deflate', 'snappy'];
}

/**
 * Undoes one content encoding (RFC 9110, section 8.4; `snappy` is the block format of remote write). The output never grows
 * beyond `maxBytes`: what would is stopped there. Synchronous, for worker threads. `identity` hands back `body` itself.
 */
export function inflateBody(body: Uint8Array, encoding: string, maxBytes: number): Result<Uint8Array, InflateProblem> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body.length > maxBytes ? tooLarge(maxBytes) : ok(body);
  const inflate = INFLATERS[name];
  if (!inflate || (name === 'zstd' && typeof zlib.zstdDecompressSync !== 'function')) {
    const message = `content-encoding ${JSON.stringify(name.slice(0, 100))} is not supported; use ${supportedEncodings().join(', ')} or none`;
    return fail({ kind: 'unsupported', message });
  }
  try {
    return inflate(body, maxBytes);
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes);
    return fail({ kind: 'corrupt', message: `the body is not valid ${name}: ${error instanceof Error ? error.message : String(error)}` });
  }
}

type Inflater = (body: Uint8Array, maxBytes: number) => Result<Uint8Array, InflateProblem>;

const INFLATERS: Readonly<Record<string, Inflater | undefined>> = Object.assign(Object.create(null) as Record<string, Inflater>, {
  gzip: inflateGzip,
  'x-gzip': inflateGzip,
  deflate: inflateDeflate,
  zstd: (body: Uint8Array, maxBytes: number) => ok(zlib.zstdDecompressSync(body, { maxOutputLength: maxBytes })),
  snappy: inflateSnappy,
});

function inflateGzip(body: Uint8Array, maxBytes: number): Result<Uint8Array, InflateProblem> {
  return ok(zlib.gunzipSync(body, { maxOutputLength: maxBytes }));
}

function inflateDeflate(body: Uint8Array, maxBytes: number): Result<Uint8Array, InflateProblem> {
  // The name means the zlib format, but some clients send raw deflate; a zlib header is a multiple of 31 with method 8.
  const isZlib = body.length >= 2 && (body[0]! & 0x0f) === 8 && (body[0]! * 256 + body[1]!) % 31 === 0;
  return ok(isZlib ? zlib.inflateSync(body, { maxOutputLength: maxBytes }) : zlib.inflateRawSync(body, { maxOutputLength: maxBytes }));
}

// The densest element of the format is a copy of 64 bytes in 3.
const LARGEST_SNAPPY_RATIO = 22;

let uncompressSnappy: ((body: Uint8Array, outputLength: number) => Uint8Array) | undefined;

function inflateSnappy(body: Uint8Array, maxBytes: number): Result<Uint8Array, InflateProblem> {
  const length = snappyLength(body);
  if (length === undefined) return fail({ kind: 'corrupt', message: 'the body is not valid snappy: no length' });
  if (length > maxBytes) return tooLarge(maxBytes);
  if (length > body.length * LARGEST_SNAPPY_RATIO) {
    return fail({ kind: 'corrupt', message: `the body is not valid snappy: ${body.length} bytes cannot hold ${length}` });
  }
  if (length === 0) return ok(new Uint8Array(0));
  uncompressSnappy ??= snappyUncompressor();
  return ok(uncompressSnappy(body, length));
}

/** The uncompressed length that a snappy block declares: a varint of at most 32 bits. */
function snappyLength(body: Uint8Array): number | undefined {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = body[i];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length <= 0xffffffff ? length : undefined;
  }
  return undefined;
}

function tooLarge(maxBytes: number): Result<never, InflateProblem> {
  return fail({ kind: 'too-large', message: `the body has more than ${maxBytes} bytes when inflated` });
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
