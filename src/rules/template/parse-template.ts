import { quoteGoString } from '../../base/go-quote.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { GoValue } from './go-value.ts';
import { lexTemplate, type TemplateToken } from './lex-template.ts';
import type { ArgumentNode, CommandNode, ParsedTemplate, PipeNode, TemplateNode } from './template-node.ts';
import { readConstant } from './read-constant.ts';

/** What is wrong with a template: Go's text, which begins with `template: NAME:LINE:`, and the offset in the source. */
export interface TemplateProblem {
  readonly message: string;
  readonly start: number;
}

class ParseFailure extends Error {
  readonly start: number;

  constructor(message: string, start: number) {
    super(message);
    this.start = start;
  }
}

/** Parses a template of Go's text/template. Functions that `hasFunction` does not know and variables that are not declared are errors. */
export function parseTemplate(name: string, source: string, hasFunction: (name: string) => boolean): Result<ParsedTemplate, TemplateProblem> {
  try {
    return ok(new TemplateParser(name, source, hasFunction).parse());
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    const line = source.slice(0, error.start).split('\n').length;
    return fail({ message: `template: ${name}:${line}: ${error.message}`, start: error.start });
  }
}

type End = 'end' | 'else' | 'eof';

class TemplateParser {
  readonly #name: string;
  readonly #source: string;
  readonly #hasFunction: (name: string) => boolean;
  readonly #tokens: readonly TemplateToken[];
  readonly #definitions = new Map<string, readonly TemplateNode[]>();
  #position = 0;
  #variables = ['$'];
  #loops = 0;

  constructor(name: string, source: string, hasFunction: (name: string) => boolean) {
    this.#name = name;
    this.#source = source;
    this.#hasFunction = hasFunction;
    this.#tokens = lexTemplate(source);
  }

  parse(): ParsedTemplate {
    const { nodes } = this.#list(['eof'], true);
    return { name: this.#name, source: this.#source, body: nodes, definitions: this.#definitions };
  }

  /** Nodes up to one of the ends, which is consumed up to its keyword. */
  #list(ends: readonly End[], isTop = false): { readonly nodes: TemplateNode[]; readonly end: End } {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#next();
      if (token.type === 'text') {
        nodes.push({ type: 'text', text: token.text });
        continue;
      }
      if (token.type === 'end') {
        if (ends.includes('eof')) return { nodes, end: 'eof' };
        throw new ParseFailure('unexpected EOF', token.start);
      }
      if (token.type === 'error') throw new ParseFailure(token.text, token.start);
      const word = this.#peekPastSpace();
      const keyword = word.type === 'word' ? word.text : '';
      if (keyword === 'end' || keyword === 'else') {
        if (!ends.includes(keyword)) throw new ParseFailure(`unexpected {{${keyword}}}`, word.start);
        this.#nextPastSpace();
        if (keyword === 'end') this.#close('end');
        return { nodes, end: keyword };
      }
      if (keyword === 'define' && isTop) {
        this.#nextPastSpace();
        this.#define();
      } else {
        nodes.push(this.#action(keyword));
      }
    }
  }

  #action(keyword: string): TemplateNode {
    switch (keyword) {
      case 'if': case 'with': case 'range':
        this.#nextPastSpace();
        return this.#control(keyword);
      case 'template':
        this.#nextPastSpace();
        return this.#call();
      case 'block':
        this.#nextPastSpace();
        return this.#block();
      case 'break': case 'continue': {
        const token = this.#nextPastSpace();
        if (this.#loops === 0) throw new ParseFailure(`{{${keyword}}} outside {{range}}`, token.start);
        this.#close(keyword);
        return { type: keyword };
      }
      case 'define':
        throw this.#unexpected(this.#nextPastSpace(), 'command');
      default: {
        const pipe = this.#pipe('command', 'close');
        return { type: 'action', pipe };
      }
    }
  }

  #control(type: 'if' | 'with' | 'range'): TemplateNode {
    const declared = this.#variables.length;
    const pipe = this.#pipe(type, 'close');
    if (type === 'range') this.#loops++;
    const body = this.#list(['else', 'end']);
    if (type === 'range') this.#loops--;
    let otherwise: readonly TemplateNode[] = [];
    if (body.end === 'else') {
      const next = this.#peekPastSpace();
      if (next.type === 'word' && (next.text === 'if' || next.text === 'with') && next.text === type) {
        this.#nextPastSpace();
        otherwise = [this.#control(type)];
      } else {
        this.#close('else');
        otherwise = this.#list(['end']).nodes;
      }
    }
    this.#variables.length = declared;
    return { type, pipe, body: body.nodes, otherwise };
  }

  #call(): TemplateNode {
    const token = this.#nextPastSpace();
    const name = this.#templateName(token, 'template clause');
    if (this.#peekPastSpace().type === 'close') {
      this.#nextPastSpace();
      return { type: 'template', start: token.start, name, pipe: undefined };
    }
    return { type: 'template', start: token.start, name, pipe: this.#pipe('template clause', 'close') };
  }

  #block(): TemplateNode {
    const token = this.#nextPastSpace();
    const name = this.#templateName(token, 'block clause');
    const pipe = this.#pipe('block clause', 'close');
    this.#definitions.set(name, this.#inNewScope());
    return { type: 'template', start: token.start, name, pipe };
  }

  #define(): void {
    const name = this.#templateName(this.#nextPastSpace(), 'define clause');
    this.#close('define clause');
    this.#definitions.set(name, this.#inNewScope());
  }

  #inNewScope(): readonly TemplateNode[] {
    const variables = this.#variables;
    this.#variables = ['$'];
    const { nodes } = this.#list(['end']);
    this.#variables = variables;
    return nodes;
  }

  #templateName(token: TemplateToken, context: string): string {
    if (token.type !== 'string') throw this.#unexpected(token, context);
    const value = this.#constant(token);
    return typeof value === 'string' ? value : '';
  }

  /** A pipeline up to and with its end: the closing braces or parenthesis. */
  #pipe(context: string, end: 'close' | 'paren'): PipeNode {
    const { start } = this.#peekPastSpace();
    const { variables, isAssignment } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#peekPastSpace();
      const isEnd = end === 'close' ? token.type === 'close' : isPunctuation(token, ')');
      if (isEnd) {
        this.#nextPastSpace();
        if (commands.length === 0) throw new ParseFailure(`missing value for ${context}`, token.start);
        for (const [i, { arguments: [first] }] of commands.entries()) {
          if (i > 0 && first && ['constant', 'dot', 'nil'].includes(first.type)) throw new ParseFailure(`non executable command in pipeline stage ${i + 1}`, first.start);
        }
        if (!isAssignment) this.#variables.push(...variables);
        return { start, variables, isAssignment, commands };
      }
      if (isPunctuation(token, '|') && commands.length > 0) this.#nextPastSpace();
      if (token.type === 'error') throw new ParseFailure(token.text, token.start);
      commands.push(this.#command(context));
    }
  }

  #declarations(context: string): { readonly variables: readonly string[]; readonly isAssignment: boolean } {
    const mark = this.#position;
    const variables: string[] = [];
    for (let token = this.#peekPastSpace(); token.type === 'variable'; token = this.#peekPastSpace()) {
      this.#nextPastSpace();
      variables.push(token.text);
      const next = this.#peekPastSpace();
      if (isPunctuation(next, ':=') || isPunctuation(next, '=')) {
        this.#nextPastSpace();
        const isAssignment = next.text === '=';
        if (isAssignment) for (const name of variables) this.#assertVariable(name, token.start);
        return { variables, isAssignment };
      }
      if (!isPunctuation(next, ',') || context !== 'range' || variables.length > 1) break;
      this.#nextPastSpace();
    }
    this.#position = mark;
    return { variables: [], isAssignment: false };
  }

  #command(context: string): CommandNode {
    const { start } = this.#peekPastSpace();
    const operands: ArgumentNode[] = [];
    for (;;) {
      this.#skipSpace();
      const operand = this.#operand();
      if (operand) operands.push(operand);
      const token = this.#peek();
      if (token.type === 'space') {
        if (!operand) throw this.#unexpected(this.#nextPastSpace(), context);
        continue;
      }
      if (token.type === 'close' || isPunctuation(token, ')') || isPunctuation(token, '|')) break;
      if (token.type === 'error') throw new ParseFailure(token.text, token.start);
      throw this.#unexpected(token, operand ? 'operand' : context);
    }
    if (operands.length === 0) throw new ParseFailure(isPunctuation(this.#peek(), '|') ? `unexpected "|" in ${context}` : 'missing value for command', start);
    return { start, arguments: operands };
  }

  /** A term with the fields that follow it at once; undefined when there is none. */
  #operand(): ArgumentNode | undefined {
    const term = this.#term();
    if (!term) return undefined;
    const names: string[] = [];
    while (this.#peek().type === 'field') names.push(this.#next().text.slice(1));
    if (names.length === 0) return term;
    switch (term.type) {
      case 'field': return { ...term, names: [...term.names, ...names] };
      case 'variable': return { ...term, names: [...term.names, ...names] };
      case 'constant': case 'nil': case 'dot':
        throw new ParseFailure(`unexpected . after term ${quoteGoString(term.type === 'constant' ? term.text : term.type)}`, term.start);
      default: return { type: 'chain', start: term.start, of: term, names };
    }
  }

  #term(): ArgumentNode | undefined {
    const token = this.#peek();
    const { start, text } = token;
    switch (token.type) {
      case 'word':
        this.#next();
        if (text === 'nil') return { type: 'nil', start };
        if (text === 'true' || text === 'false') return { type: 'constant', start, value: text === 'true', text };
        if (!this.#hasFunction(text)) throw new ParseFailure(`function ${quoteGoString(text)} not defined`, start);
        return { type: 'function', start, name: text };
      case 'dot':
        this.#next();
        return { type: 'dot', start };
      case 'field':
        this.#next();
        return { type: 'field', start, names: [text.slice(1)] };
      case 'variable':
        this.#next();
        this.#assertVariable(text, start);
        return { type: 'variable', start, name: text, names: [] };
      case 'number': case 'char': case 'string':
        this.#next();
        return { type: 'constant', start, value: this.#constant(token), text };
      case 'punctuation':
        if (text !== '(') return undefined;
        this.#next();
        return { type: 'pipe', start, pipe: this.#pipe('parenthesized pipeline', 'paren') };
      default: return undefined;
    }
  }

  #constant(token: TemplateToken): GoValue {
    const value = readConstant(token);
    if (!value.ok) throw new ParseFailure(value.error, token.start);
    return value.value;
  }

  #assertVariable(name: string, start: number): void {
    if (!this.#variables.includes(name)) throw new ParseFailure(`undefined variable ${quoteGoString(name)}`, start);
  }

  #close(context: string): void {
    const token = this.#nextPastSpace();
    if (token.type !== 'close') throw this.#unexpected(token, context);
  }

  #unexpected(token: TemplateToken, context: string): ParseFailure {
    if (token.type === 'error') return new ParseFailure(token.text, token.start);
    const shown = token.type === 'end' ? 'EOF' : token.type === 'word' && ['if', 'with', 'range', 'define', 'end', 'else', 'template', 'block', 'break', 'continue'].includes(token.text) ? `<${token.text}>` : quoteGoString(token.text);
    return new ParseFailure(`unexpected ${shown} in ${context}`, token.start);
  }

  #peek(): TemplateToken {
    return this.#tokens[Math.min(this.#position, this.#tokens.length - 1)]!;
  }

  #next(): TemplateToken {
    const token = this.#peek();
    this.#position++;
    return token;
  }

  #skipSpace(): void {
    while (this.#peek().type === 'space') this.#position++;
  }

  #peekPastSpace(): TemplateToken {
    this.#skipSpace();
    return this.#peek();
  }

  #nextPastSpace(): TemplateToken {
    this.#skipSpace();
    return this.#next();
  }
}

function isPunctuation(token: TemplateToken, text: string): boolean {
  return token.type === 'punctuation' && token.text === text;
}
