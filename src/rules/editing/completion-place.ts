/** What may stand where the caret is in a PromQL text. `start` is where the word under it begins. */
export type CompletionPlace =
  | { readonly kind: 'expression' | 'duration'; readonly start: number }
  | { readonly kind: 'label'; readonly start: number; readonly metric: string }
  | { readonly kind: 'value'; readonly start: number; readonly metric: string; readonly label: string }
  | { readonly kind: 'none' };

/** Finds it by looking at what stands before the caret only, so it works in half an expression. */
export function completionPlace(text: string, caret: number): CompletionPlace {
  const before = text.slice(0, caret);
  const open = scan(before);
  const word = /[\w:.]*$/.exec(before)?.[0] ?? '';
  const start = caret - word.length;
  const outer = before.slice(0, open.at);
  if (open.quoteAt !== undefined) {
    const label = /([A-Za-z_]\w*)\s*(?:=~|!~|!=|=)\s*$/.exec(before.slice(0, open.quoteAt))?.[1];
    if (open.bracket !== '{' || label === undefined) return { kind: 'none' };
    return { kind: 'value', start: open.quoteAt + 1, metric: metricBefore(outer), label };
  }
  if (open.bracket === '[') return { kind: 'duration', start: caret - (/[\w.]*$/.exec(before)?.[0].length ?? 0) };
  if (open.bracket === '{') return /[=~]\s*$/.test(before.slice(0, start)) ? { kind: 'none' } : { kind: 'label', start, metric: metricBefore(outer) };
  if (open.bracket === '(' && /\b(?:by|without|on|ignoring|group_left|group_right)\s*$/i.test(outer)) return { kind: 'label', start, metric: metricNear(text) };
  if (/\boffset\s+-?\w*$/i.test(before)) return { kind: 'duration', start };
  return { kind: 'expression', start };
}

interface Open {
  /** The innermost bracket that is open, '' for none, and where it stands. */
  readonly bracket: string;
  readonly at: number;
  /** Where the text that is open begins. */
  readonly quoteAt: number | undefined;
}

function scan(before: string): Open {
  const stack: { readonly bracket: string; readonly at: number }[] = [];
  let quoteAt: number | undefined;
  for (let i = 0; i < before.length; i++) {
    const char = before[i]!;
    if (quoteAt !== undefined) {
      if (char === '\\' && before[quoteAt] !== '`') i++;
      else if (char === before[quoteAt]) quoteAt = undefined;
    } else if (char === '"' || char === "'" || char === '`') quoteAt = i;
    else if (char === '#') i = before.includes('\n', i) ? before.indexOf('\n', i) : before.length;
    else if ('([{'.includes(char)) stack.push({ bracket: char, at: i });
    else if (')]}'.includes(char)) stack.pop();
  }
  const top = stack.at(-1);
  return { bracket: top?.bracket ?? '', at: top?.at ?? before.length, quoteAt };
}

/** The name before a brace: `up` of `up {`. */
const metricBefore = (text: string): string => /([A-Za-z_:][\w:]*)\s*$/.exec(text)?.[1] ?? '';

/** The first name in the text that a brace or a window follows, which is a metric's for certain. */
const metricNear = (text: string): string => /([A-Za-z_:][\w:]*)\s*[[{]/.exec(text)?.[1] ?? '';
