/**
 * Replaces `$1`, `${1}`, `$name` and `${name}` in a template, `$$` by a dollar (Go's regexp.Expand). A `$` that starts
 * none of these stays as it is; without braces the name is as long as it can be.
 */
export function expandTemplate(template: string, group: (name: string) => string): string {
  return template.replace(/\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu, (_match, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    return name === undefined ? '$' : group(name);
  });
}
