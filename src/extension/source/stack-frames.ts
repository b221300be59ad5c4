import type { SourceReference } from './source-reference.ts';

/** A frame of a stack trace; `text` is its line as it stands. */
export interface StackFrame extends SourceReference {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Longer lines are no frames, and would only make the patterns slow. */
const MAX_LINE_LENGTH = 2000;

/** The frames of a stack trace of V8 (JavaScript), Go, Python or the JVM, in their order. Lines that are no frames are left out. Never throws. */
export function parseStackFrames(text: string): readonly StackFrame[] {
  const frames: StackFrame[] = [];
  let before = '';
  for (const whole of text.split(/\r?\n/)) {
    const line = whole.trim();
    if (line.length > MAX_LINE_LENGTH) continue;
    const frame = parseJvm(line) ?? parseV8(line) ?? parsePython(line) ?? parseGo(line, before);
    if (frame) frames.push({ ...frame, text: line });
    before = line;
  }
  return frames;
}

type Frame = Omit<StackFrame, 'text'>;

/** `at java.base/com.acme.Shop$Cart.pay(Shop.java:42)`: the file lies in the folder of its package. */
function parseJvm(line: string): Frame | undefined {
  const match = /^at (?:[^\s/(]*\/+)*([\w.$]+)\.([\w$<>]+)\(([\w$-]+\.(?:java|kt|kts|scala|groovy|clj)):([0-9]+)\)/.exec(line);
  if (!match) return undefined;
  const packages = match[1]!.split('.').slice(0, -1);
  return { file: [...packages, match[3]!].join('/'), line: Number(match[4]), functionName: `${match[1]!.replaceAll('$', '.')}.${match[2]!}` };
}

/** `at async Server.handle [as x] (file:///app/a.js:1:2)` or `at /app/a.js:1:2`. */
function parseV8(line: string): Frame | undefined {
  if (!line.startsWith('at ')) return undefined;
  const named = /^at (?:async )?(?:new )?(\S.*?) \(([^()]*(?:\([^()]*\)[^()]*)*):([0-9]+):([0-9]+)\)$/.exec(line);
  const match = named ?? /^at (?:async )?()(\S.*):([0-9]+):([0-9]+)$/.exec(line);
  const file = match?.[2] ?? '';
  if (!match || /^(?:node:|internal\/|<anonymous>|native|eval at)/.test(file)) return undefined;
  const name = match[1]!.replace(/ \[as .*\]$/, '');
  return { file, line: Number(match[3]), column: Number(match[4]), functionName: name === '' || name.includes('<anonymous>') ? undefined : name };
}

/** `File "/app/a.py", line 12, in handler`. */
function parsePython(line: string): Frame | undefined {
  const match = /^File "([^"<][^"]*)", line ([0-9]+)(?:, in (\S+))?/.exec(line);
  if (!match) return undefined;
  const name = match[3]?.startsWith('<') === true ? undefined : match[3];
  return { file: match[1]!, line: Number(match[2]), functionName: name };
}

/** `/app/main.go:42 +0x1d`, under a line with the function. */
function parseGo(line: string, before: string): Frame | undefined {
  const match = /^(\S.*\.go):([0-9]+)(?: \+0x[0-9a-f]+)?$/.exec(line);
  if (!match) return undefined;
  const name = /^(?:created by )?([\w./$*()-]*?\w)(?:\(.*\)| in goroutine [0-9]+)?$/.exec(before)?.[1];
  return { file: match[1]!, line: Number(match[2]), functionName: name?.includes('.') === true ? name : undefined };
}
