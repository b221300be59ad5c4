/** Token kinds of the exposition formats, by the names that Prometheus prints in its errors. */
export type Token =
  | 'INVALID' | 'EOF' | 'LINEBREAK' | 'WHITESPACE' | 'HELP' | 'TYPE' | 'UNIT' | 'EOFWORD' | 'TEXT' | 'COMMENT'
  | 'MNAME' | 'QSTRING' | 'BOPEN' | 'BCLOSE' | 'LNAME' | 'LVALUE' | 'COMMA' | 'EQUAL' | 'TIMESTAMP' | 'VALUE';

/** Where a lexer is; decides which tokens may come next. */
export type LexState =
  | 'init' | 'comment' | 'meta1' | 'meta2' | 'labels' | 'labelValue' | 'value' | 'timestamp'
  | 'exemplar' | 'exemplarValue' | 'exemplarTimestamp';

/** A lexer over `text`, one char a byte. After `next`, the token is `text[start, position)`; at INVALID `position` is the byte that did not fit. */
export interface ExpositionLexer {
  readonly text: string;
  start: number;
  position: number;
  state: LexState;
  next(): Token;
}

const LABEL_START = 1;
const NAME_START = 2;
const DIGIT = 4;

const CLASS = new Uint8Array(256);
for (let code = 0; code < 256; code++) {
  const char = String.fromCharCode(code);
  if (/[a-zA-Z_]/.test(char)) CLASS[code] = LABEL_START | NAME_START;
  else if (char === ':') CLASS[code] = NAME_START;
  else if (/[0-9]/.test(char)) CLASS[code] = DIGIT;
}

/** May the byte begin a metric name? */
export const isNameStart = (code: number): boolean => (CLASS[code]! & NAME_START) !== 0;

/** May the byte begin a label name? */
export const isLabelStart = (code: number): boolean => (CLASS[code]! & LABEL_START) !== 0;

/** Is the byte 0 to 9? */
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The end of the metric name that begins at `from`. */
export function scanName(text: string, from: number): number {
  let i = from;
  while (i < text.length && (CLASS[text.charCodeAt(i)]! & (NAME_START | DIGIT)) !== 0) i++;
  return i;
}

/** The end of the label name that begins at `from`. */
export function scanLabelName(text: string, from: number): number {
  let i = from;
  while (i < text.length && (CLASS[text.charCodeAt(i)]! & (LABEL_START | DIGIT)) !== 0) i++;
  return i;
}

/**
 * The end of the quoted string that begins at `from` with its quote, or `~p` (negative) with p where it broke.
 * A backslash takes the next byte with it, which may not be a line break.
 */
export function scanQuoted(text: string, from: number, allowNewline: boolean, allowNull: boolean): number {
  for (let i = from + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) return i + 1;
    if (code === 92) {
      i++;
      if (i >= text.length || text.charCodeAt(i) === 10) return ~Math.min(i, text.length);
    } else if ((code === 10 && !allowNewline) || (code === 0 && !allowNull)) {
      return ~i;
    }
  }
  return ~text.length;
}
