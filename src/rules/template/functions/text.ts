import { RE2JS } from 're2js';
import { NO_VALUES, TemplateFailure, type GoMap, type GoValue } from '../go-value.ts';
import { ofStrings, type TemplateFunctions } from '../template-function.ts';

/** Functions of texts (prometheus/template: reReplaceAll, match, title …). */
export const TEXT_FUNCTIONS: TemplateFunctions = {
  title: ofStrings(1, (text) => text.replace(/(?<![\p{L}\p{Nd}_'’])\p{L}/gu, (letter) => letter.toUpperCase())),
  toUpper: ofStrings(1, (text) => text.toUpperCase()),
  toLower: ofStrings(1, (text) => text.toLowerCase()),
  match: ofStrings(2, (pattern, text) => compile(pattern).matcher(text).find()),
  reReplaceAll: ofStrings(3, (pattern, replacement, text) => replaceAll(compile(pattern), replacement, text)),
  safeHtml: ofStrings(1, (text) => ({ kind: 'object', typeName: 'template.HTML', text, fields: NO_VALUES, methods: NO_VALUES })),
  args: { parameters: ['any'], isVariadic: true, call: numbered },
};

/** `arg0`, `arg1` … for passing more than one value to a template. */
function numbered(args: readonly GoValue[]): GoMap {
  return { kind: 'map', zero: undefined, entries: new Map(args.map((value, i) => [`arg${i}`, value])) };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new TemplateFailure(`error parsing regexp: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Go's Regexp.ReplaceAllString: `$1`, `${1}` and `${name}` in the replacement, `$$` for a dollar; unknown groups are empty. */
function replaceAll(pattern: RE2JS, replacement: string, text: string): string {
  const matcher = pattern.matcher(text);
  let out = '';
  let from = 0;
  while (matcher.find()) {
    out += text.slice(from, matcher.start());
    out += replacement.replace(/\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu, (_, braced: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare;
      if (name === undefined) return '$';
      if (!/^\d+$/.test(name)) return pattern.namedGroups()[name] === undefined ? '' : (matcher.group(name) ?? '');
      return Number(name) <= matcher.groupCount() ? (matcher.group(Number(name)) ?? '') : '';
    });
    from = matcher.end();
  }
  return out + text.slice(from);
}
