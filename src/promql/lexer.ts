import { goQuote, goQuoteRune } from './go-quote.ts';
import { isAlpha, isAlphaNumeric, isDigit, scanNumberOrDuration } from './lex-number.ts';
import { scanString } from './lex-string.ts';
import { durationKeywords, experimentalKeywords, keywords, token } from './token.ts';
import type { TokenType } from './token.ts';

/** The tokens of a text as columns, comments left out. The last one is `token.end` or `token.error`. */
export interface TokenList {
  readonly types: readonly TokenType[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** What the error token says, in Prometheus's words. */
  readonly problem: string;
}

const parenBehindSpaces = /[ \t\r\n]*\(/y;

/** Splits a query into tokens; stops at the first thing that is none. Never throws. */
export function lexPromql(text: string, isExperimental: boolean): TokenList {
  const lexer = new Lexer(text, isExperimental);
  lexer.run();
  return lexer;
}

/** The states of Prometheus's lexer (promql/parser/lex.go) over UTF-16 offsets. */
class Lexer implements TokenList {
  readonly types: TokenType[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  problem = '';

  readonly #text: string;
  readonly #isExperimental: boolean;
  #at = 0;
  #isDone = false;
  #parenDepth = 0;
  #isBraceOpen = false;
  #isBracketOpen = false;
  /** True from `[` to the first number inside it, where other rules hold. */
  #isDurationStart = false;
  #hasColon = false;
  #hasDuration = false;

  constructor(text: string, isExperimental: boolean) {
    this.#text = text;
    this.#isExperimental = isExperimental;
  }

  run(): void {
    while (!this.#isDone) {
      this.#skipSpaces();
      if (this.#isBraceOpen) this.#lexInsideBraces();
      else if (this.#isDurationStart) this.#lexDuration();
      else this.#lexStatement();
    }
  }

  #lexStatement(): void {
    const at = this.#at;
    const code = this.#text.charCodeAt(at);
    if (at >= this.#text.length) this.#lexEnd();
    else if (isAlpha(code) || code === 58) this.#lexWord(code);
    else if (isDigit(code) || (code === 46 && isDigit(this.#text.charCodeAt(at + 1)))) this.#lexNumber();
    else this.#lexSymbol(this.#text[at]!);
  }

  #lexEnd(): void {
    if (this.#parenDepth !== 0) return this.#fail('unclosed left parenthesis');
    if (this.#isBracketOpen) return this.#fail('unclosed left bracket');
    this.#push(token.end, 0);
    this.#isDone = true;
  }

  #lexSymbol(symbol: string): void {
    const next = this.#text[this.#at + 1];
    switch (symbol) {
      case ',': return this.#push(token.comma, 1);
      case '*': return this.#push(token.multiply, 1);
      case '/': return this.#push(token.divide, 1);
      case '%': return this.#push(token.modulo, 1);
      case '+': return this.#push(token.add, 1);
      case '-': return this.#push(token.subtract, 1);
      case '^': return this.#push(token.power, 1);
      case '@': return this.#push(token.at, 1);
      case '#': return this.#skipComment();
      case '"':
      case "'":
      case '`': return this.#lexString();
      case '=':
        if (next === '~') return this.#fail("unexpected character after '=': '~'");
        return next === '=' ? this.#push(token.equal, 2) : this.#push(token.assign, 1);
      case '!':
        if (next === '=') return this.#push(token.notEqual, 2);
        return this.#fail(`unexpected character after '!': ${goQuoteRune(this.#runeAt(this.#at + 1))}`);
      case '<':
        if (next === '=') return this.#push(token.lessOrEqual, 2);
        return next === '/' && this.#isExperimental ? this.#push(token.trimUpper, 2) : this.#push(token.less, 1);
      case '>':
        if (next === '=') return this.#push(token.greaterOrEqual, 2);
        return next === '/' && this.#isExperimental ? this.#push(token.trimLower, 2) : this.#push(token.greater, 1);
      default: return this.#lexBracket(symbol);
    }
  }

  #lexBracket(symbol: string): void {
    switch (symbol) {
      case '(':
        this.#parenDepth++;
        return this.#push(token.leftParen, 1);
      case ')': return this.#lexRightParen();
      case '{':
        this.#isBraceOpen = true;
        return this.#push(token.leftBrace, 1);
      case '[':
        if (this.#isBracketOpen) return this.#fail("unexpected left bracket '['");
        this.#isBracketOpen = true;
        this.#isDurationStart = true;
        this.#hasColon = false;
        return this.#push(token.leftBracket, 1);
      case ']':
        if (!this.#isBracketOpen) return this.#fail("unexpected right bracket ']'");
        this.#isBracketOpen = false;
        return this.#push(token.rightBracket, 1);
      default: return this.#fail(`unexpected character: ${goQuoteRune(this.#runeAt(this.#at))}`);
    }
  }

  #lexRightParen(): void {
    this.#parenDepth--;
    if (this.#parenDepth >= 0) return this.#push(token.rightParen, 1);
    // Upstream reports this one behind the parenthesis.
    this.#at++;
    this.#fail("unexpected right parenthesis ')'");
  }

  #lexWord(code: number): void {
    if (this.#isBracketOpen) return this.#lexWordInBracket(code);
    const end = this.#wordEnd(this.#at, true);
    const word = this.#text.slice(this.#at, end);
    const table = this.#isExperimental ? experimentalKeywords : keywords;
    let type = table.get(word.toLowerCase());
    // These were metric names before they were modifiers, so they are modifiers only before a parenthesis.
    if ((type === token.fill || type === token.fillLeft || type === token.fillRight) && !this.#isBeforeParen(end)) type = token.identifier;
    this.#push(type ?? (word.includes(':') ? token.metricIdentifier : token.identifier), end - this.#at);
  }

  /** Inside brackets, behind the first number. */
  #lexWordInBracket(code: number): void {
    const isColon = code === 58;
    const rune = goQuoteRune(this.#text[this.#at]);
    if (isColon || !this.#isExperimental) {
      // Prometheus 3.5 takes any letter here for a colon.
      if (this.#hasColon) return this.#failBehind(`unexpected colon ${rune}`, 0);
      this.#hasColon = true;
      return this.#push(token.colon, 1);
    }
    if (!this.#pushDurationKeyword()) this.#fail(`unexpected character: ${rune}, expected ':'`);
  }

  #lexDuration(): void {
    const at = this.#at;
    if (at >= this.#text.length) return this.#fail('unexpected end of input in duration expression');
    const code = this.#text.charCodeAt(at);
    if (isDigit(code) || (code === 46 && isDigit(this.#text.charCodeAt(at + 1)))) {
      this.#hasDuration = true;
      this.#isDurationStart = false;
      return this.#lexNumber();
    }
    switch (this.#text[at]) {
      case ']':
        this.#isBracketOpen = false;
        this.#isDurationStart = false;
        this.#hasColon = false;
        return this.#push(token.rightBracket, 1);
      case ':':
        if (!this.#hasDuration) return this.#failBehind('unexpected colon before duration in duration expression', 1);
        if (this.#hasColon) return this.#failBehind('unexpected repeated colon in duration expression', 1);
        this.#hasColon = true;
        return this.#push(token.colon, 1);
      case '(':
        this.#parenDepth++;
        return this.#push(token.leftParen, 1);
      case ')': return this.#lexRightParen();
      case '+': return this.#push(token.add, 1);
      case '-': return this.#push(token.subtract, 1);
      case '*': return this.#push(token.multiply, 1);
      case '/': return this.#push(token.divide, 1);
      case '%': return this.#push(token.modulo, 1);
      case '^': return this.#push(token.power, 1);
      default: return this.#lexDurationWord();
    }
  }

  #lexDurationWord(): void {
    if (this.#isExperimental) {
      if (this.#text[this.#at] === ',') return this.#push(token.comma, 1);
      if (this.#pushDurationKeyword()) return;
    }
    this.#fail(`unexpected character in duration expression: ${goQuoteRune(this.#runeAt(this.#at))}`);
  }

  #pushDurationKeyword(): boolean {
    const end = this.#wordEnd(this.#at, false);
    const type = durationKeywords.get(this.#text.slice(this.#at, end).toLowerCase());
    if (type === undefined) return false;
    this.#push(type, end - this.#at);
    return true;
  }

  #lexInsideBraces(): void {
    const at = this.#at;
    if (at >= this.#text.length) return this.#fail('unexpected end of input inside braces');
    if (isAlpha(this.#text.charCodeAt(at))) {
      let end = at + 1;
      while (isAlphaNumeric(this.#text.charCodeAt(end))) end++;
      return this.#push(token.identifier, end - at);
    }
    const next = this.#text[at + 1];
    switch (this.#text[at]) {
      case ',': return this.#push(token.comma, 1);
      case '#': return this.#skipComment();
      case '"':
      case "'":
      case '`': return this.#lexString();
      case '=': return next === '~' ? this.#push(token.regexMatch, 2) : this.#push(token.assign, 1);
      case '!':
        if (next === '~') return this.#push(token.regexNotMatch, 2);
        if (next === '=') return this.#push(token.notEqual, 2);
        return this.#fail(`unexpected character after '!' inside braces: ${goQuoteRune(this.#runeAt(at + 1))}`);
      case '{': return this.#fail("unexpected left brace '{'");
      case '}':
        this.#isBraceOpen = false;
        return this.#push(token.rightBrace, 1);
      default: return this.#fail(`unexpected character inside braces: ${goQuoteRune(this.#runeAt(at))}`);
    }
  }

  #lexNumber(): void {
    const scan = scanNumberOrDuration(this.#text, this.#at);
    if (scan.kind === 'invalid') return this.#fail(`bad number or duration syntax: ${goQuote(this.#text.slice(this.#at, scan.end))}`);
    this.#push(scan.kind === 'number' ? token.number : token.duration, scan.end - this.#at);
  }

  #lexString(): void {
    const scan = scanString(this.#text, this.#at);
    if (scan.problem !== undefined) return this.#fail(scan.problem);
    this.#push(token.string, scan.end - this.#at);
  }

  #skipSpaces(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 9 && code !== 13) return;
    }
  }

  #skipComment(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n' && this.#text[this.#at] !== '\r') this.#at++;
  }

  #wordEnd(start: number, withColons: boolean): number {
    let end = start;
    for (;;) {
      const code = this.#text.charCodeAt(end);
      if (withColons ? !isAlphaNumeric(code) && code !== 58 : !isAlpha(code)) return end;
      end++;
    }
  }

  #isBeforeParen(at: number): boolean {
    parenBehindSpaces.lastIndex = at;
    return parenBehindSpaces.test(this.#text);
  }

  #runeAt(at: number): string | undefined {
    const code = this.#text.codePointAt(at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  #push(type: TokenType, length: number): void {
    this.types.push(type);
    this.starts.push(this.#at);
    this.#at += length;
    this.ends.push(this.#at);
  }

  #failBehind(problem: string, length: number): void {
    this.#at += length;
    this.#fail(problem);
  }

  #fail(problem: string): void {
    this.problem = problem;
    this.types.push(token.error);
    this.starts.push(this.#at);
    this.ends.push(this.#text.length);
    this.#isDone = true;
  }
}
