const shortEscapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\',
};

/** Text as a Go string literal in double quotes, as `strconv.Quote` and `%q` write it. */
export function goQuote(text: string): string {
  // Plain ASCII without quote or backslash needs no look at single characters.
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const rune of text) quoted += rune === '"' ? '\\"' : escapeRune(rune);
  return `${quoted}"`;
}

/** One character as a Go rune literal, as `%q` writes a rune; undefined stands for the end of input, which Go shows as U+FFFD. */
export function goQuoteRune(rune: string | undefined): string {
  if (rune === undefined) return "'\ufffd'";
  return rune === "'" ? "'\\''" : `'${escapeRune(rune)}'`;
}

/** One character as Go's `%#U` shows it: `U+0063 'c'`. */
export function goUnicode(rune: string): string {
  const codePoint = `U+${(rune.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrintable(rune) ? `${codePoint} '${rune}'` : codePoint;
}

function isPrintable(rune: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(rune);
}

function escapeRune(rune: string): string {
  const short = shortEscapes[rune];
  if (short !== undefined) return short;
  if (isPrintable(rune)) return rune;
  const code = rune.codePointAt(0) ?? 0;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
