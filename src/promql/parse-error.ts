import type { ParseError } from './ast.ts';

/** An error as Prometheus prints it: `1:5: parse error: …`. Columns count bytes of UTF-8, as upstream. */
export function formatParseError(text: string, error: ParseError): string {
  return `${formatTextPosition(text, error.range.start)}: parse error: ${error.message}`;
}

/** A UTF-16 offset as Prometheus's `line:column`, both from 1, the column in bytes. */
export function formatTextPosition(text: string, offset: number): string {
  if (text === '') return 'unknown position';
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const column = utf8Length(before.slice(lineStart)) + 1;
  return `${String(line)}:${String(column)}`;
}

/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    // Either half of a surrogate pair adds one byte: four bytes for two code units.
    length += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return length;
}
