import type { ParseError, TextRange } from './ast.ts';
import { lexPromql } from './lexer.ts';
import { describeToken } from './token-description.ts';
import { token } from './token.ts';
import type { TokenType } from './token.ts';

/** Higher trees are refused, so that no walk over a tree can exhaust the stack; a chain of operators is as high as it is long. */
export const maxHeight = 1000;

/** Parsing takes several stack frames for each pair of parentheses, so those are bounded more tightly. */
export const maxNesting = 400;

/**
 * Where the parser is in its tokens, and what it found wrong.
 * A syntax error ends parsing: from then on every token is `token.end` and nothing more is reported.
 * Tokens count as read when they are peeked at; the lexer's error is reported at that moment, as upstream, where the parser pulls
 * tokens one by one. So whatever must be reported before it must be reported before the next peek.
 */
export class ParseState {
  readonly text: string;
  readonly isExperimental: boolean;
  readonly errors: ParseError[] = [];
  /** What the innermost construct adds to "unexpected …", such as ` in aggregation`. */
  context = '';
  /** The height of the tree that was parsed last. */
  height = 0;

  readonly #types: readonly TokenType[];
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];
  readonly #lexerProblem: string;
  #index = 0;
  #nesting = 0;
  #hasFailed = false;

  constructor(text: string, isExperimental: boolean) {
    this.text = text;
    this.isExperimental = isExperimental;
    const tokens = lexPromql(text, isExperimental);
    this.#types = tokens.types;
    this.#starts = tokens.starts;
    this.#ends = tokens.ends;
    this.#lexerProblem = tokens.problem;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The token here. */
  peek(): TokenType {
    if (this.#hasFailed) return token.end;
    const type = this.#types[this.#index]!;
    if (type !== token.error) return type;
    this.fail(this.tokenRange(), this.#lexerProblem);
    return token.end;
  }

  /** The range of the token here. */
  tokenRange(): TextRange {
    return { start: this.#starts[this.#index]!, end: this.#ends[this.#index]! };
  }

  /** The text of the token here. */
  tokenText(): string {
    return this.text.slice(this.#starts[this.#index], this.#ends[this.#index]);
  }

  /** Where the last token that was taken ends. */
  get previousEnd(): number {
    return this.#index === 0 ? 0 : this.#ends[this.#index - 1]!;
  }

  /** Takes the token here. The last one stays. */
  advance(): void {
    if (!this.#hasFailed && this.#index < this.#types.length - 1) this.#index++;
  }

  /** Takes the token here if it is of the type. */
  accept(type: TokenType): boolean {
    if (this.peek() !== type) return false;
    this.advance();
    return true;
  }

  /** Takes the token here, or reports it as unexpected. */
  expect(type: TokenType, context = this.context): void {
    if (!this.accept(type)) this.failUnexpected(context);
  }

  /** Reports something wrong with what was parsed; parsing goes on. */
  report(range: TextRange, message: string): void {
    if (!this.#hasFailed) this.errors.push({ range, message });
  }

  /** Reports the token here as unexpected and ends parsing. */
  failUnexpected(context = this.context): void {
    const type = this.peek();
    this.fail(this.tokenRange(), `unexpected ${describeToken(type, this.tokenText(), this.isExperimental)}${context}`);
  }

  /** Reports an error and ends parsing. */
  fail(range: TextRange, message: string): void {
    this.report(range, message);
    this.#hasFailed = true;
  }

  /** Runs a parsing function one level deeper. */
  nested<T>(parse: () => T, otherwise: () => T): T {
    if (this.#nesting >= maxNesting) {
      this.#failTooDeep(maxNesting);
      return otherwise();
    }
    this.#nesting++;
    const result = parse();
    this.#nesting--;
    return result;
  }

  /** Records the height of a node from those of its children. */
  setHeight(height: number): void {
    this.height = height;
    if (height > maxHeight) this.#failTooDeep(maxHeight);
  }

  #failTooDeep(limit: number): void {
    this.fail(this.tokenRange(), `expression nests deeper than ${String(limit)} levels`);
  }
}
