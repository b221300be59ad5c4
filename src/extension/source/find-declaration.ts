/** The last part of a qualified function name: `main.(*Server).handle` is `handle`; '' when there is none that can be looked for. */
export function simpleName(functionName: string): string {
  const parts = functionName.replace(/\(.*\)$/, '').split(/[^\w$]+/).filter((part) => part !== '');
  return /^[A-Za-z_$][\w$]*$/.test(parts.at(-1) ?? '') ? (parts.at(-1) ?? '') : '';
}

/** The line (from 1) on which a function of that simple name is declared in a source of any of the common languages; undefined when none is. */
export function findDeclaration(text: string, name: string): number | undefined {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return undefined;
  const escaped = name.replaceAll('$', '\\$');
  const patterns = [
    // function f, func f, func (s *S) f, def f, fn f, fun f, sub f
    new RegExp(`^\\s*(?:[\\w@]+\\s+)*(?:function\\*?|func(?:\\s*\\([^)]*\\))?|def|fn|fun|sub)\\s+(?:[\\w.]+\\.)?${escaped}\\s*[(<\\[{]`),
    // const f = (…) =>, f: function, this.f = async
    new RegExp(`^\\s*(?:(?:export|const|let|var|static|public|private|readonly)\\s+)*(?:this\\.)?#?${escaped}\\s*(?::[^=]+)?[=:]\\s*(?:async\\s*)?(?:function\\b|\\([^)]*\\)\\s*(?::[^=]+)?=>|\\w+\\s*=>|\\($)`),
    // A method: f(…) {, public Answer f(…) {
    new RegExp(`^\\s*(?!return\\b|await\\b|new\\b|if\\b|throw\\b)(?:[\\w<>\\[\\],.?@]+\\s+)*#?${escaped}\\s*(?:<[^>]*>)?\\([^;]*\\{\\s*$`),
  ];
  const lines = text.split(/\r?\n/);
  for (const pattern of patterns) {
    const index = lines.findIndex((line) => line.length < 500 && line.includes(name) && pattern.test(line));
    if (index >= 0) return index + 1;
  }
  return undefined;
}
