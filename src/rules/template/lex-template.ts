/** A token of a template. `start` is its offset in the source; `text` is exactly what stands there, for text with spaces trimmed. */
export interface TemplateToken {
  readonly type: 'text' | 'open' | 'close' | 'space' | 'word' | 'field' | 'variable' | 'dot' | 'number' | 'char' | 'string' | 'punctuation' | 'end' | 'error';
  readonly text: string;
  readonly start: number;
}

const NUMBER = /[+-]?(?:0[xX][\da-fA-F_]+(?:\.[\da-fA-F_]*)?(?:[pP][+-]?\d+)?|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const WORD = /[\p{L}\p{Nd}_]+/uy;
const FIELD = /\.[\p{L}_][\p{L}\p{Nd}_]*/uy;
const VARIABLE = /\$[\p{L}\p{Nd}_]*/uy;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"/y;
const RAW = /`[^`]*`/y;
const CHAR = /'(?:[^'\\\n]|\\[^\n])+'/y;
const SPACE = /[ \t\r\n]+/y;

/** Splits a template of Go's text/template into tokens; the last is `end`, or `error` with Go's words. Spaces inside actions are tokens. */
export function lexTemplate(source: string): readonly TemplateToken[] {
  const tokens: TemplateToken[] = [];
  let at = 0;
  let trimsNext = false;
  for (;;) {
    const open = source.indexOf('{{', at);
    const trimsBefore = open >= 0 && /^\{\{-[ \t\r\n]/.test(source.slice(open, open + 4));
    let text = source.slice(at, open < 0 ? source.length : open);
    if (trimsNext) text = text.replace(/^[ \t\r\n]+/, '');
    if (trimsBefore) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') tokens.push({ type: 'text', text, start: at });
    if (open < 0) break;
    const inside = open + (trimsBefore ? 4 : 2);
    const comment = /^[ \t\r\n]*\/\*/.test(source.slice(inside)) && source.startsWith('/*', inside) ? source.indexOf('*/', inside) : undefined;
    if (comment !== undefined) {
      const close = comment < 0 ? null : /^(?:[ \t\r\n]-)?\}\}/.exec(source.slice(comment + 2));
      if (!close) return [...tokens, { type: 'error', text: comment < 0 ? 'unclosed comment' : 'comment ends before closing delimiter', start: open }];
      trimsNext = close[0].length > 2;
      at = comment + 2 + close[0].length;
      continue;
    }
    tokens.push({ type: 'open', text: '{{', start: open });
    const end = lexAction(source, inside, tokens);
    if (!end) return tokens;
    trimsNext = end.trims;
    at = end.at;
  }
  tokens.push({ type: 'end', text: '', start: source.length });
  return tokens;
}

/** Reads up to the closing braces; null after an error token. */
function lexAction(source: string, from: number, tokens: TemplateToken[]): { readonly at: number; readonly trims: boolean } | null {
  let at = from;
  let depth = 0;
  const fail = (text: string): null => {
    tokens.push({ type: 'error', text, start: at });
    return null;
  };
  const take = (type: TemplateToken['type'], pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text === undefined) return false;
    tokens.push({ type, text, start: at });
    at += text.length;
    return true;
  };
  for (;;) {
    const close = /^(?:[ \t\r\n]+-)?\}\}/.exec(source.slice(at, at + 40));
    if (close) {
      if (depth > 0) return fail('unclosed left paren');
      tokens.push({ type: 'close', text: '}}', start: at });
      return { at: at + close[0].length, trims: close[0].length > 2 };
    }
    const char = source[at];
    if (char === undefined) return fail('unclosed action');
    if (take('space', SPACE)) continue;
    if (char === '"') {
      if (!take('string', STRING)) return fail('unterminated quoted string');
    } else if (char === '`') {
      if (!take('string', RAW)) return fail('unterminated raw quoted string');
    } else if (char === "'") {
      if (!take('char', CHAR)) return fail('unterminated character constant');
    } else if (take('variable', VARIABLE) || take('field', FIELD)) continue;
    else if (/[\d+-]/.test(char) || (char === '.' && /\d/.test(source[at + 1] ?? ''))) {
      const start = at;
      if (!take('number', NUMBER) || /[\p{L}\p{Nd}_]/u.test(source[at] ?? '')) return fail(`bad number syntax: ${JSON.stringify(source.slice(start, at + 1))}`);
    } else if (take('word', WORD)) continue;
    else if (char === '.') tokens.push({ type: 'dot', text: '.', start: at++ });
    else if (source.startsWith(':=', at)) {
      tokens.push({ type: 'punctuation', text: ':=', start: at });
      at += 2;
    } else if ('|,=()'.includes(char)) {
      if (char === '(') depth++;
      if (char === ')' && --depth < 0) return fail('unexpected right paren');
      tokens.push({ type: 'punctuation', text: char, start: at++ });
    } else {
      const code = source.codePointAt(at)!;
      const shown = code > 0x20 && code < 0x7f ? ` '${String.fromCodePoint(code)}'` : '';
      return fail(`unrecognized character in action: U+${code.toString(16).toUpperCase().padStart(4, '0')}${shown}`);
    }
  }
}
