import { isLabelStart, isNameStart, scanLabelName, scanName, scanQuoted, type ExpositionLexer, type LexState, type Token } from './token.ts';

const META_WORDS = ['HELP', 'TYPE', 'UNIT'] as const;

/** Tokens of OpenMetrics 1.0 as Prometheus reads it (model/textparse/openmetricslex.l, v3.5): single spaces, nothing skipped. */
export class OpenMetricsLexer implements ExpositionLexer {
  readonly text: string;
  start = 0;
  position = 0;
  state: LexState = 'init';

  constructor(text: string) {
    this.text = text;
  }

  next(): Token {
    if (this.position >= this.text.length) return 'EOF';
    this.start = this.position;
    switch (this.state) {
      case 'init':
        return this.#init();
      case 'meta1':
        return this.#metaName();
      case 'meta2':
        return this.#metaText();
      case 'labels':
      case 'exemplar':
        return this.#label();
      case 'labelValue':
        return this.#code() === 34 ? this.#quoted('labels', 'LVALUE', false, true) : 'INVALID';
      case 'value':
        if (this.#code() === 123) return this.#take(this.position + 1, 'labels', 'BOPEN');
        return this.#word('timestamp', 'VALUE');
      case 'timestamp':
        if (this.text.startsWith(' # {', this.position)) return this.#take(this.position + 4, 'exemplar', 'COMMENT');
        return this.#wordOrLinebreak('timestamp');
      case 'exemplarValue':
        if (this.#code() === 34) return this.#quoted('exemplar', 'LVALUE', false, true);
        return this.#word('exemplarTimestamp', 'VALUE');
      case 'exemplarTimestamp':
        return this.#wordOrLinebreak('exemplarTimestamp');
      default:
        return 'INVALID';
    }
  }

  #code(): number {
    return this.text.charCodeAt(this.position);
  }

  #init(): Token {
    const code = this.#code();
    if (isNameStart(code)) return this.#take(scanName(this.text, this.position), 'value', 'MNAME');
    if (code === 123) return this.#take(this.position + 1, 'labels', 'BOPEN');
    if (code !== 35) return 'INVALID';
    const from = this.position + 2;
    if (this.text.charCodeAt(this.position + 1) === 32) {
      for (const word of META_WORDS) {
        if (this.text.startsWith(`${word} `, from)) return this.#take(from + 5, 'meta1', word);
      }
      if (this.text.startsWith('EOF', from)) return this.#take(from + (this.text.charCodeAt(from + 3) === 10 ? 4 : 3), 'init', 'EOFWORD');
    }
    this.position = Math.min(from, this.text.length);
    this.state = 'comment';
    return 'INVALID';
  }

  #metaName(): Token {
    const code = this.#code();
    if (isNameStart(code)) return this.#take(scanName(this.text, this.position), 'meta2', 'MNAME');
    return code === 34 ? this.#quoted('meta2', 'MNAME', true, false) : 'INVALID';
  }

  #metaText(): Token {
    const end = this.text.indexOf('\n', this.position);
    if (this.#code() === 32 && end >= 0) return this.#take(end + 1, 'init', 'TEXT');
    if (this.#code() === 32) this.position = this.text.length;
    return 'INVALID';
  }

  #label(): Token {
    const isExemplar = this.state === 'exemplar';
    const code = this.#code();
    if (isLabelStart(code)) return this.#take(scanLabelName(this.text, this.position), this.state, 'LNAME');
    switch (code) {
      case 34:
        return this.#quoted(this.state, 'QSTRING', !isExemplar, false);
      case 125:
        return this.#take(this.position + 1, isExemplar ? 'exemplarValue' : 'value', 'BCLOSE');
      case 61:
        return this.#take(this.position + 1, isExemplar ? 'exemplarValue' : 'labelValue', 'EQUAL');
      case 44:
        return this.#take(this.position + 1, this.state, 'COMMA');
      default:
        return 'INVALID';
    }
  }

  #wordOrLinebreak(state: LexState): Token {
    if (this.#code() === 10) return this.#take(this.position + 1, 'init', 'LINEBREAK');
    return this.#word(state, 'TIMESTAMP');
  }

  /** A space and what stands up to the next space or line end. */
  #word(state: LexState, token: Token): Token {
    if (this.#code() !== 32) return 'INVALID';
    let i = this.position + 1;
    for (let c = this.text.charCodeAt(i); i < this.text.length && c !== 32 && c !== 10 && c !== 0; c = this.text.charCodeAt(++i));
    if (i > this.position + 1) return this.#take(i, state, token);
    this.position = i;
    return 'INVALID';
  }

  #quoted(state: LexState, token: Token, allowNewline: boolean, allowNull: boolean): Token {
    const end = scanQuoted(this.text, this.position, allowNewline, allowNull);
    if (end >= 0) return this.#take(end, state, token);
    this.position = ~end;
    return 'INVALID';
  }

  #take(end: number, state: LexState, token: Token): Token {
    this.position = end;
    this.state = state;
    return token;
  }
}
