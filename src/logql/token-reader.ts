import type { LogqlProblem } from './ast.ts';
import type { Token } from './lex-logql.ts';

/** Thrown within the parser and caught at its door. */
export class LogqlSyntaxError extends Error {
  readonly problem: LogqlProblem;

  constructor(problem: LogqlProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Walks over tokens. The last one, `end`, is never passed. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#tokens[this.#at]!;
  }

  /** Whether the current token is this symbol or name. */
  is(text: string): boolean {
    const { kind } = this.current;
    return (kind === 'symbol' || kind === 'name') && this.current.text === text;
  }

  next(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Passes this symbol or name when it is the current token. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.unexpected(JSON.stringify(text));
  }

  /** A name, such as that of a label. */
  name(what: string): string {
    if (this.current.kind !== 'name') this.unexpected(what);
    return this.next().text;
  }

  string(what: string): string {
    const token = this.current;
    if (token.kind !== 'string') this.unexpected(what);
    this.next();
    return token.value;
  }

  unexpected(wanted: string): never {
    const token = this.current;
    this.fail(`unexpected ${token.kind === 'end' ? 'end of the query' : token.text}, expecting ${wanted}`);
  }

  /** Something of LogQL that is not done here. */
  unsupported(what: string, token = this.current): never {
    this.fail(`not supported yet: ${what}`, token);
  }

  fail(message: string, { startOffset, endOffset }: { readonly startOffset: number; readonly endOffset: number } = this.current): never {
    throw new LogqlSyntaxError({ message, startOffset, endOffset });
  }
}
