/** A string literal without its quotes. */
export interface Unquoted {
  readonly value: string;
  /** Undefined, or why it is no literal, in Go's words. */
  readonly problem: string | undefined;
  /** False when escapes made bytes that are no UTF-8; those became U+FFFD in `value`. */
  readonly isValidUtf8: boolean;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"',
};
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const utf8Encoder = new TextEncoder();
const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\'"]))/y;
const syntaxProblem: Unquoted = { value: '', problem: 'invalid syntax', isValidUtf8: true };

/**
 * Takes a PromQL string literal in double, single or back quotes apart, by the rules of Prometheus's util/strutil Unquote:
 * Go's, except that single quotes hold strings. `\x` and octal escapes are bytes of UTF-8, not characters.
 */
export function unquotePromqlString(literal: string): Unquoted {
  const quote = literal[0];
  if (literal.length < 2 || quote !== literal[literal.length - 1]) return syntaxProblem;
  const body = literal.slice(1, -1);
  if (quote === '`') return body.includes('`') ? syntaxProblem : { value: body, problem: undefined, isValidUtf8: true };
  if ((quote !== '"' && quote !== "'") || body.includes('\n')) return syntaxProblem;
  if (!body.includes('\\')) return body.includes(quote) ? syntaxProblem : { value: body, problem: undefined, isValidUtf8: true };
  return unescape(body, quote);
}

function unescape(body: string, quote: string): Unquoted {
  let value = '';
  let bytes: number[] = [];
  let isValidUtf8 = true;
  const flush = (): void => {
    if (bytes.length === 0) return;
    const text = utf8Decoder.decode(Uint8Array.from(bytes));
    // A replacement character that was not written as such stands for bytes that are no UTF-8.
    const encoded = utf8Encoder.encode(text);
    isValidUtf8 &&= encoded.length === bytes.length && encoded.every((byte, index) => byte === bytes[index]);
    value += text;
    bytes = [];
  };
  let position = 0;
  while (position < body.length) {
    const character = body[position]!;
    if (character === quote) return syntaxProblem;
    if (character !== '\\') {
      flush();
      value += character;
      position++;
      continue;
    }
    escape.lastIndex = position;
    const match = escape.exec(body);
    if (match === null) return syntaxProblem;
    position = escape.lastIndex;
    const [, byte, unicode4, unicode8, octal, simple] = match;
    if (byte !== undefined || octal !== undefined) {
      const code = byte === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(byte, 16);
      if (code > 255) return syntaxProblem;
      bytes.push(code);
      continue;
    }
    flush();
    if (simple !== undefined) {
      if ((simple === '"' || simple === "'") && simple !== quote) return syntaxProblem;
      value += simpleEscapes[simple] ?? '';
      continue;
    }
    const code = Number.parseInt(unicode4 ?? unicode8 ?? '', 16);
    if (code > 0x10ffff) return syntaxProblem;
    value += code >= 0xd800 && code < 0xe000 ? '\ufffd' : String.fromCodePoint(code);
  }
  flush();
  return { value, problem: undefined, isValidUtf8 };
}
