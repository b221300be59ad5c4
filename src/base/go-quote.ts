const SHORT_ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\',
};
// What Go's strconv.IsPrint leaves out: controls, formats, surrogates, private use, unassigned, separators other than the space.
const UNPRINTABLE = /[\p{C}\p{Z}]/u;

/** Quotes bytes (one char each) as Go's %q does: UTF-8 stays text, invalid bytes become \xNN. For error messages equal to upstream's. */
export function quoteGoBytes(bytes: string): string {
  let out = '"';
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes.charCodeAt(i);
    if (byte < 0x80) {
      out += quoteAscii(byte);
      i++;
      continue;
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    const rune = decodeUtf8Bytes(bytes.slice(i, i + length));
    if (rune === undefined) {
      out += `\\x${byte.toString(16).padStart(2, '0')}`;
      i++;
      continue;
    }
    out += UNPRINTABLE.test(rune) ? escapeRune(rune.codePointAt(0)!) : rune;
    i += length;
  }
  return `${out}"`;
}

/** Quotes a string as Go's %q does. */
export function quoteGoString(text: string): string {
  let out = '"';
  for (const rune of text) {
    const code = rune.codePointAt(0)!;
    if (code < 0x80) out += quoteAscii(code);
    else out += UNPRINTABLE.test(rune) ? escapeRune(code) : rune;
  }
  return `${out}"`;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NON_ASCII = /[^\0-\x7f]/;

/** Bytes held one a char -> text, undefined when they are not UTF-8. ASCII costs nothing. */
export function decodeUtf8Bytes(bytes: string): string | undefined {
  if (!NON_ASCII.test(bytes)) return bytes;
  try {
    return decoder.decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function quoteAscii(code: number): string {
  const short = SHORT_ESCAPES[code];
  if (short !== undefined) return short;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return String.fromCharCode(code);
}

function escapeRune(code: number): string {
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
