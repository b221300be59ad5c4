import { isDigit, isLabelStart, isNameStart, scanLabelName, scanName, scanQuoted, type ExpositionLexer, type LexState, type Token } from './token.ts';

/**
 * Tokens of the text format 0.0.4 as Prometheus reads it (model/textparse/promlex.l, v3.5).
 * Whitespace between tokens is skipped. `text` has to end with a line break.
 */
export class PrometheusLexer implements ExpositionLexer {
  readonly text: string;
  start = 0;
  position = 0;
  state: LexState = 'init';

  constructor(text: string) {
    this.text = text;
  }

  next(): Token {
    this.#skipBlanks();
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
        return this.#label();
      case 'labelValue':
        return this.#labelValue();
      case 'value':
        return this.#value();
      default:
        return this.#timestamp();
    }
  }

  #skipBlanks(): void {
    // In a help text blanks count, unless they are all of it.
    if (this.state === 'meta2') {
      let end = this.position;
      while (isBlank(this.text.charCodeAt(end))) end++;
      if (this.text.charCodeAt(end) === 10) this.position = end;
      return;
    }
    while (isBlank(this.text.charCodeAt(this.position))) this.position++;
  }

  #init(): Token {
    const code = this.text.charCodeAt(this.position);
    if (isNameStart(code)) return this.#take(scanName(this.text, this.position), 'value', 'MNAME');
    switch (code) {
      case 0:
        return this.#take(this.position + 1, 'init', 'EOF');
      case 10:
        return this.#take(this.position + 1, 'init', 'LINEBREAK');
      case 123:
        return this.#take(this.position + 1, 'labels', 'BOPEN');
      case 35:
        return this.#comment();
      default:
        return 'INVALID';
    }
  }

  #comment(): Token {
    let i = this.position + 1;
    if (isBlank(this.text.charCodeAt(i))) {
      while (isBlank(this.text.charCodeAt(i))) i++;
      const word = this.text.startsWith('HELP', i) ? 'HELP' : this.text.startsWith('TYPE', i) ? 'TYPE' : undefined;
      if (word && isBlank(this.text.charCodeAt(i + 4))) {
        i += 4;
        while (isBlank(this.text.charCodeAt(i))) i++;
        return this.#take(i, 'meta1', word);
      }
    }
    const end = this.text.indexOf('\n', i);
    return this.#take(end < 0 ? this.text.length : end, 'init', end < 0 ? 'EOF' : 'COMMENT');
  }

  #metaName(): Token {
    const code = this.text.charCodeAt(this.position);
    if (isNameStart(code)) return this.#take(scanName(this.text, this.position), 'meta2', 'MNAME');
    if (code === 34) return this.#quoted('meta2', 'MNAME', false);
    return 'INVALID';
  }

  #metaText(): Token {
    const end = this.text.indexOf('\n', this.position);
    return this.#take(end < 0 ? this.text.length : end, 'init', 'TEXT');
  }

  #label(): Token {
    const code = this.text.charCodeAt(this.position);
    if (isLabelStart(code)) return this.#take(scanLabelName(this.text, this.position), 'labels', 'LNAME');
    switch (code) {
      case 34:
        return this.#quoted('labels', 'QSTRING', false);
      case 125:
        return this.#take(this.position + 1, 'value', 'BCLOSE');
      case 61:
        return this.#take(this.position + 1, 'labelValue', 'EQUAL');
      case 44:
        return this.#take(this.position + 1, 'labels', 'COMMA');
      default:
        return 'INVALID';
    }
  }

  #labelValue(): Token {
    return this.text.charCodeAt(this.position) === 34 ? this.#quoted('labels', 'LVALUE', true) : 'INVALID';
  }

  #value(): Token {
    const code = this.text.charCodeAt(this.position);
    if (code === 123) return this.#take(this.position + 1, 'labels', 'BOPEN');
    let i = this.position;
    for (let c = code; i < this.text.length && c !== 123 && c !== 10 && c !== 0 && !isBlank(c); c = this.text.charCodeAt(++i));
    return i === this.position ? 'INVALID' : this.#take(i, 'timestamp', 'VALUE');
  }

  #timestamp(): Token {
    if (this.text.charCodeAt(this.position) === 10) return this.#take(this.position + 1, 'init', 'LINEBREAK');
    let i = this.position;
    while (isDigit(this.text.charCodeAt(i))) i++;
    return i === this.position ? 'INVALID' : this.#take(i, 'timestamp', 'TIMESTAMP');
  }

  #quoted(state: LexState, token: Token, allowNull: boolean): Token {
    const end = scanQuoted(this.text, this.position, true, allowNull);
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

const isBlank = (code: number): boolean => code === 32 || code === 9;
