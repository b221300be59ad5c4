/** Something in a .http file that is wrong or that we do not do. The line is zero-based. */
export interface HttpFileProblem {
  readonly line: number;
  readonly message: string;
}

/** One request of a .http file as it is written, its variables not yet filled in. Lines are zero-based. */
export interface HttpBlock {
  /** What stands behind `###` or `# @name`, else method and URL. */
  readonly name: string;
  /** The `###` line, or that of the request where the first block has none. */
  readonly startLine: number;
  readonly requestLine: number;
  /** The last line of the block. */
  readonly endLine: number;
  readonly method: string;
  readonly url: string;
  /** In their order; a name may come more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** '' when there is none. */
  readonly body: string;
  readonly problems: readonly HttpFileProblem[];
}

/** A .http or .rest file: its requests and its `@name = value` lines, later ones winning. */
export interface HttpFile {
  readonly blocks: readonly HttpBlock[];
  readonly variables: ReadonlyMap<string, string>;
}

const REQUEST = /^(?:([A-Z][A-Z-]*)\s+)?(\S.*?)(?:\s+HTTP\/[0-9.]+)?$/;
const VARIABLE = /^@([A-Za-z_][\w.-]*)\s*=\s*(.*)$/;
const HEADER = /^((?:[!#$%&'*+.^_`|~\w-]|\{\{[^{}]*\}\})+)\s*:\s*(.*)$/;
const COMMENT = /^(?:#|\/\/)/;

/** Reads the format that the REST Client extension and JetBrains' HTTP client share. Never throws; blocks without a request are left out. */
export function parseHttpFile(text: string): HttpFile {
  const lines = text.split(/\r?\n/);
  const variables = new Map<string, string>();
  const blocks: HttpBlock[] = [];
  let start = 0;
  for (let line = 0; line <= lines.length; line++) {
    if (line < lines.length && !isSeparator(lines[line]!)) continue;
    const block = parseBlock(lines, start, line, variables);
    if (block) blocks.push(block);
    start = line;
  }
  return { blocks, variables };
}

/** The block that holds `line`, or undefined. */
export const blockAt = (file: HttpFile, line: number): HttpBlock | undefined => file.blocks.find(({ startLine, endLine }) => startLine <= line && line <= endLine);

const isSeparator = (line: string): boolean => line.startsWith('###');

function parseBlock(lines: readonly string[], start: number, end: number, variables: Map<string, string>): HttpBlock | undefined {
  const title = isSeparator(lines[start] ?? '') ? lines[start]!.replace(/^#+/, '').trim() : undefined;
  const problems: HttpFileProblem[] = [];
  let name = title ?? '';
  let line = title === undefined ? start : start + 1;
  for (; line < end; line++) {
    const content = lines[line]!.trim();
    const variable = VARIABLE.exec(content);
    const named = /^(?:#|\/\/)\s*@name\s+(\S+)/.exec(content);
    if (variable) variables.set(variable[1]!, variable[2]!);
    else if (named) name = named[1]!;
    else if (content !== '' && !COMMENT.test(content)) break;
  }
  if (line >= end) return undefined;
  const requestLine = line;
  let target = lines[line++]!.trim();
  // The query may go on over indented lines.
  while (line < end && /^\s+[?&]/.test(lines[line]!)) target += lines[line++]!.trim();
  const request = REQUEST.exec(target);
  const headers: (readonly [string, string])[] = [];
  for (; line < end && lines[line]!.trim() !== ''; line++) {
    const content = lines[line]!.trim();
    if (COMMENT.test(content)) continue;
    const header = HEADER.exec(content);
    if (header) headers.push([header[1]!, header[2]!]);
    else problems.push({ line, message: `not a header: ${content}` });
  }
  const { body, problems: bodyProblems } = parseBody(lines, line + 1, end);
  const method = request?.[1] ?? 'GET';
  const url = request?.[2] ?? target;
  return {
    name: name === '' ? `${method} ${url}` : name,
    startLine: title === undefined ? requestLine : start,
    requestLine,
    endLine: end - 1,
    method,
    url,
    headers,
    body,
    problems: [...problems, ...bodyProblems],
  };
}

/** All up to the end of the block, less blank lines around it. Response handlers (`> {% … %}`, `> file`) are left out. */
function parseBody(lines: readonly string[], start: number, end: number): { readonly body: string; readonly problems: readonly HttpFileProblem[] } {
  const problems: HttpFileProblem[] = [];
  const kept: string[] = [];
  for (let line = start; line < end; line++) {
    const text = lines[line]!;
    if (/^(?:>{1,2}!?|<>)\s+\S/.test(text)) {
      problems.push({ line, message: 'response handlers and references are not run' });
      break;
    }
    if (/^<@?\s+\S/.test(text)) problems.push({ line, message: 'a body from a file is not supported: write it here' });
    else kept.push(text);
  }
  return { body: kept.join('\n').replace(/^(?:[ \t]*\n)+/, '').trimEnd(), problems };
}
