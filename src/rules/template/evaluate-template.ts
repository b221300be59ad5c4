import { quoteGoString } from '../../base/go-quote.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { goTypeName, isGoTrue, printGoValue, TemplateFailure, type GoValue } from './go-value.ts';
import { assertArgument, type TemplateFunction, type TemplateFunctions } from './template-function.ts';
import { printArgument, printCommand, type ArgumentNode, type CommandNode, type ParsedTemplate, type PipeNode, type TemplateNode } from './template-node.ts';

/** Templates may call each other this deep; Go allows 100,000 on a stack that grows. */
const DEEPEST = 500;
/** No notification is longer; a loop over everything must end somewhere. */
const LONGEST_OUTPUT = 4 * 1024 * 1024;

/** How a template is executed. */
export interface TemplateRun {
  readonly functions: TemplateFunctions;
  /** What `.key` of a map without that key gives: its zero value, `<no value>`, or an error. Prometheus: zero. */
  readonly missingKey: 'zero' | 'default' | 'error';
  /** Written in place of each printed value. */
  readonly escape?: (value: GoValue) => string;
}

/** Executes a template; the error is Go's text (`template: NAME:LINE:COLUMN: executing …`). Errors of another kind that functions throw pass through. */
export function executeTemplate(template: ParsedTemplate, data: GoValue, run: TemplateRun): Result<string, string> {
  const execution = new Execution(template, run);
  try {
    execution.walkTemplate(template.name, template.body, data);
    return ok(execution.output);
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    return fail(execution.describe(error.message));
  }
}

/** Leaves the body of a `range`. */
class LoopExit extends Error {
  readonly type: 'break' | 'continue';

  constructor(type: 'break' | 'continue') {
    super(type);
    this.type = type;
  }
}

class Execution {
  output = '';
  readonly #template: ParsedTemplate;
  readonly #run: TemplateRun;
  #name: string;
  #depth = 0;
  #variables: { readonly name: string; value: GoValue }[] = [];
  /** Where an error would be: set as Go's `state.at`, which inner parts leave behind. */
  #at: { readonly start: number; readonly text: string } | undefined;

  constructor(template: ParsedTemplate, run: TemplateRun) {
    this.#template = template;
    this.#run = run;
    this.#name = template.name;
  }

  describe(message: string): string {
    if (!this.#at) return `template: ${this.#template.name}: ${message}`;
    const before = this.#template.source.slice(0, this.#at.start);
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1));


    return `template: ${this.#template.name}:${before.split('\n').length}:${column}: executing ${quoteGoString(this.#name)} at <${this.#at.text}>: ${message}`;
  }

  walkTemplate(name: string, body: readonly TemplateNode[], data: GoValue): void {
    if (++this.#depth > DEEPEST) throw new TemplateFailure(`exceeded maximum template depth (${DEEPEST})`);
    const outer = { name: this.#name, variables: this.#variables };
    this.#name = name;
    this.#variables = [{ name: '$', value: data }];
    this.#walk(body, data);
    this.#name = outer.name;
    this.#variables = outer.variables;
    this.#depth--;
  }

  #walk(nodes: readonly TemplateNode[], dot: GoValue): void {
    for (const node of nodes) {
      switch (node.type) {
        case 'text':
          this.#write(node.text);
          break;
        case 'action': {
          const value = this.#pipe(node.pipe, dot);
          if (node.pipe.variables.length === 0) this.#write(this.#run.escape ? this.#run.escape(value) : printGoValue(value));
          break;
        }
        case 'if': case 'with': {
          const mark = this.#variables.length;
          const value = this.#pipe(node.pipe, dot);
          if (isGoTrue(value)) this.#walk(node.body, node.type === 'with' ? value : dot);
          else this.#walk(node.otherwise, dot);
          this.#variables.length = mark;
          break;
        }
        case 'range':
          this.#range(node, dot);
          break;
        case 'template': {
          const body = this.#template.definitions.get(node.name);
          this.#at = { start: node.start, text: `{{template ${quoteGoString(node.name)}}}` };
          if (!body) throw new TemplateFailure(`template ${quoteGoString(node.name)} not defined`);
          this.walkTemplate(node.name, body, node.pipe ? this.#pipe(node.pipe, dot) : undefined);
          break;
        }
        default:
          throw new LoopExit(node.type);
      }
    }
  }

  #range(node: Extract<TemplateNode, { readonly type: 'if' | 'with' | 'range' }>, dot: GoValue): void {
    const mark = this.#variables.length;
    const value = this.#pipe(node.pipe, dot, true);
    const items = rangeItems(value);
    if (!items) throw new TemplateFailure(`range can't iterate over ${printGoValue(value)}`);
    const names = node.pipe.variables;
    for (const [key, item] of items) {
      const bound = names.length === 2 ? [key, item] : names.length === 1 ? [item] : [];
      names.forEach((name, i) => {
        if (node.pipe.isAssignment) this.#assign(name, bound[i]);
        else this.#variables.push({ name, value: bound[i] });
      });
      let isOver = false;
      try {
        this.#walk(node.body, item);
      } catch (error) {
        if (!(error instanceof LoopExit)) throw error;
        isOver = error.type === 'break';
      }
      this.#variables.length = mark;
      if (isOver) break;
    }
    if (items.length === 0) this.#walk(node.otherwise, dot);
    this.#variables.length = mark;
  }

  #pipe(pipe: PipeNode, dot: GoValue, isRange = false): GoValue {
    let value: GoValue;
    pipe.commands.forEach((command, i) => {
      value = this.#command(command, dot, i === 0 ? undefined : { value });
    });
    if (!isRange) {
      for (const name of pipe.variables) {
        if (pipe.isAssignment) this.#assign(name, value);
        else this.#variables.push({ name, value });
      }
    }
    return value;
  }

  #command(command: CommandNode, dot: GoValue, final: { readonly value: GoValue } | undefined): GoValue {
    const [first, ...rest] = command.arguments;
    if (!first) return undefined;
    switch (first.type) {
      case 'function': return this.#function(first, { start: command.start, text: printCommand(command) }, rest, dot, final);
      case 'field': return this.#fields(dot, first.names, first, rest, dot, final);
      case 'variable':
        this.#setAt(first);
        return this.#fields(this.#variable(first.name), first.names, first, rest, dot, final);
      case 'chain': {
        this.#setAt(first);
        return this.#fields(this.#argument(first.of, dot), first.names, undefined, rest, dot, final);
      }
      case 'pipe':
        this.#assertNotCalled(first, rest, final);
        return this.#pipe(first.pipe, dot);
      case 'nil':
        this.#setAt(first);
        throw new TemplateFailure('nil is not a command');
      default:
        this.#setAt(first);
        this.#assertNotCalled(first, rest, final);
        return first.type === 'constant' ? first.value : dot;
    }
  }

  #assertNotCalled(node: ArgumentNode, rest: readonly ArgumentNode[], final: object | undefined): void {
    if (rest.length > 0 || final) throw new TemplateFailure(`can't give argument to non-function ${printArgument(node)}`);
  }

  #argument(node: ArgumentNode, dot: GoValue): GoValue {
    this.#setAt(node);
    switch (node.type) {
      case 'dot': return dot;
      case 'nil': return undefined;
      case 'constant': return node.value;
      case 'field': return this.#fields(dot, node.names, node, [], dot, undefined);
      case 'variable': return this.#fields(this.#variable(node.name), node.names, node, [], dot, undefined);
      case 'chain': return this.#fields(this.#argument(node.of, dot), node.names, undefined, [], dot, undefined);
      case 'pipe': return this.#pipe(node.pipe, dot);
      case 'function': return this.#function(node, { start: node.start, text: node.name }, [], dot, undefined);
    }
  }

  #fields(receiver: GoValue, names: readonly string[], node: ArgumentNode | undefined, rest: readonly ArgumentNode[], dot: GoValue, final: { readonly value: GoValue } | undefined): GoValue {
    if (node) this.#setAt(node);
    let value = receiver;
    names.forEach((name, i) => {
      const isLast = i === names.length - 1;
      value = this.#field(value, name, isLast ? rest : [], dot, isLast ? final : undefined);
    });
    if (names.length === 0 && node) this.#assertNotCalled(node, rest, final);
    return value;
  }

  #field(receiver: GoValue, name: string, rest: readonly ArgumentNode[], dot: GoValue, final: { readonly value: GoValue } | undefined): GoValue {
    if (receiver === undefined) {
      if (this.#run.missingKey === 'error') throw new TemplateFailure(`nil data; no entry for key ${quoteGoString(name)}`);
      return undefined;
    }
    if (typeof receiver === 'object' && receiver.kind === 'object') {
      const method = receiver.methods.get(name);
      if (method) return method([...rest.map((node) => this.#argument(node, dot)), ...(final ? [final.value] : [])]);
      if (receiver.fields.has(name)) {
        if (rest.length > 0 || final) throw new TemplateFailure(`${name} is not a method but has arguments`);
        return receiver.fields.get(name);
      }
    }
    if (typeof receiver === 'object' && receiver.kind === 'map') {
      if (rest.length > 0 || final) throw new TemplateFailure(`${name} is not a method but has arguments`);
      if (receiver.entries.has(name)) return receiver.entries.get(name);
      if (this.#run.missingKey === 'error') throw new TemplateFailure(`map has no entry for key ${quoteGoString(name)}`);
      return this.#run.missingKey === 'zero' ? receiver.zero : undefined;
    }
    throw new TemplateFailure(`can't evaluate field ${name} in type ${goTypeName(receiver)}`);
  }

  #function(node: { readonly start: number; readonly name: string }, at: { readonly start: number; readonly text: string }, rest: readonly ArgumentNode[], dot: GoValue, final: { readonly value: GoValue } | undefined): GoValue {
    this.#at = { start: node.start, text: node.name };
    const { name } = node;
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, rest, dot, final);
    const definition = this.#run.functions[name];
    if (!definition) throw new TemplateFailure(`${quoteGoString(name)} is not a defined function`);
    this.#assertCount(name, definition, rest.length + (final ? 1 : 0));
    const values = rest.map((argument, i) => this.#checked(definition, i, this.#argument(argument, dot)));
    if (final) values.push(this.#checked(definition, rest.length, final.value));
    this.#at = at;
    try {
      return definition.call(values);
    } catch (error) {
      if (error instanceof TemplateFailure) throw new TemplateFailure(`error calling ${name}: ${error.message}`);
      throw error;
    }
  }

  #shortCircuit(name: 'and' | 'or', rest: readonly ArgumentNode[], dot: GoValue, final: { readonly value: GoValue } | undefined): GoValue {
    if (rest.length === 0 && !final) throw new TemplateFailure(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: GoValue;
    for (const argument of rest) {
      value = this.#argument(argument, dot);
      if (isGoTrue(value) === (name === 'or')) return value;
    }
    return final ? final.value : value;
  }

  #checked(definition: TemplateFunction, i: number, value: GoValue): GoValue {
    assertArgument(definition.parameters[Math.min(i, definition.parameters.length - 1)] ?? 'any', value);
    return value;
  }

  #assertCount(name: string, { parameters, isVariadic = false }: TemplateFunction, given: number): void {
    const fixed = isVariadic ? parameters.length - 1 : parameters.length;
    if (isVariadic ? given < fixed : given !== fixed) throw new TemplateFailure(`wrong number of args for ${name}: want ${isVariadic ? 'at least ' : ''}${fixed} got ${given}`);
  }

  #variable(name: string): GoValue {
    return this.#variables.findLast((variable) => variable.name === name)?.value;
  }

  #assign(name: string, value: GoValue): void {
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable) variable.value = value;
  }

  #setAt(node: ArgumentNode): void {
    this.#at = { start: node.start, text: printArgument(node) };
  }

  #write(text: string): void {
    this.output += text;
    if (this.output.length > LONGEST_OUTPUT) throw new TemplateFailure('the text becomes too long');
  }
}

function rangeItems(value: GoValue): readonly (readonly [GoValue, GoValue])[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'bigint' && value <= 1_000_000n) return Array.from({ length: Math.max(0, Number(value)) }, (_, i) => [BigInt(i), BigInt(i)] as const);
  if (typeof value !== 'object') return undefined;
  if (value.kind === 'slice') return value.items.map((item, i) => [BigInt(i), item] as const);
  if (value.kind === 'map') return [...value.entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return undefined;
}
