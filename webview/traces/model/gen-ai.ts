import type { JsonAttributes, JsonValue } from '../../../src/protocol/telemetry.ts';
import type { SpanDetail } from '../../../src/protocol/traces.ts';

/** One message of a conversation with a model. */
export interface GenAiMessage {
  readonly role: string;
  readonly text: string;
  readonly isTool: boolean;
}

/** What a call of a language model says of itself. */
export interface GenAiCall {
  readonly model: string;
  readonly provider: string;
  readonly operation: string;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** US dollars. */
  readonly cost: number | undefined;
  readonly finishReason: string;
  readonly prompt: readonly GenAiMessage[];
  readonly response: readonly GenAiMessage[];
}

/**
 * Reads OpenTelemetry's `gen_ai.*` attributes and events, the indexed `gen_ai.prompt.0.content` of OpenLLMetry and
 * OpenInference's `llm.input_messages.0.message.content`. Undefined when the span is no call of a model.
 */
export function readGenAi({ attributes, events }: Pick<SpanDetail, 'attributes' | 'events'>): GenAiCall | undefined {
  if (!Object.keys(attributes).some((key) => key.startsWith('gen_ai.') || key.startsWith('llm.'))) return undefined;
  const text = (...keys: string[]): string => {
    for (const key of keys) {
      const value = attributes[key];
      if (typeof value === 'string' && value !== '') return value;
      if (isList(value) && value.length > 0) return value.map(partText).join(', ');
    }
    return '';
  };
  const number = (...keys: string[]): number | undefined => keys.map((key) => attributes[key] ?? NaN).map(Number).find((value) => Number.isFinite(value));
  const call: GenAiCall = {
    model: text('gen_ai.response.model', 'gen_ai.request.model', 'llm.model_name'),
    provider: text('gen_ai.provider.name', 'gen_ai.system', 'llm.provider'),
    operation: text('gen_ai.operation.name', 'llm.request.type'),
    inputTokens: number('gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.token_count.prompt'),
    outputTokens: number('gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.token_count.completion'),
    cost: number('gen_ai.usage.cost', 'gen_ai.cost.total', 'llm.cost.total'),
    finishReason: text('gen_ai.response.finish_reasons', 'gen_ai.response.finish_reason'),
    prompt: [
      ...messageList(attributes['gen_ai.system_instructions'], 'system'),
      ...messageList(attributes['gen_ai.input.messages'] ?? attributes['gen_ai.prompt'], 'user'),
      ...indexed(attributes, 'gen_ai.prompt.'),
      ...indexed(attributes, 'llm.input_messages.'),
      ...eventMessages(events, /^gen_ai\.(system|user|assistant|tool)\.message$|^gen_ai\.content\.prompt$/, 'gen_ai.prompt'),
    ],
    response: [
      ...messageList(attributes['gen_ai.output.messages'] ?? attributes['gen_ai.completion'], 'assistant'),
      ...indexed(attributes, 'gen_ai.completion.'),
      ...indexed(attributes, 'llm.output_messages.'),
      ...eventMessages(events, /^gen_ai\.choice$|^gen_ai\.content\.completion$/, 'gen_ai.completion'),
    ],
  };
  return call.model === '' && call.prompt.length + call.response.length === 0 && call.inputTokens === undefined ? undefined : call;
}

/** A JSON list of messages, as text or as a value; anything else is one message. */
function messageList(value: JsonValue | undefined, role: string): GenAiMessage[] {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  if (parsed === undefined || parsed === null || parsed === '') return [];
  return (isList(parsed) ? parsed : [parsed]).map((item) => message(item, role));
}

function message(value: JsonValue, defaultRole: string): GenAiMessage {
  if (!isObject(value)) return { role: defaultRole, text: typeof value === 'string' ? value : JSON.stringify(value), isTool: false };
  const role = typeof value['role'] === 'string' ? value['role'] : defaultRole;
  const inner = isObject(value['message']) ? value['message'] : value;
  const parts = inner['parts'] ?? inner['content'];
  const tools = inner['tool_calls'];
  const list = [...(isList(parts) ? parts : parts === undefined ? [] : [parts]), ...(isList(tools) ? tools : [])];
  const texts = list.map(partText);
  const isTool = role === 'tool' || list.some((part) => isObject(part) && /tool|function/.test(valueType(part)));
  return { role, text: texts.length > 0 ? texts.join('\n') : (typeof inner['type'] === 'string' ? partText(inner) : JSON.stringify(inner)), isTool };
}

const valueType = (part: { readonly [key: string]: JsonValue }): string => (typeof part['type'] === 'string' ? part['type'] : '');

function partText(part: JsonValue): string {
  if (!isObject(part)) return typeof part === 'string' ? part : JSON.stringify(part);
  const inner = isObject(part['function']) ? part['function'] : part;
  if (typeof inner['name'] === 'string') {
    const given = inner['arguments'] ?? {};
    return `${inner['name']}(${typeof given === 'string' ? given : JSON.stringify(given)})`;
  }
  const content = part['content'] ?? part['text'] ?? part['response'] ?? part['result'];
  return typeof content === 'string' ? content : JSON.stringify(content ?? part);
}

/** `PREFIX0.role`, `PREFIX0.content`, also with `message.` between. */
function indexed(attributes: JsonAttributes, prefix: string): GenAiMessage[] {
  const messages = new Map<number, { role: string; content: string[]; isTool: boolean }>();
  for (const [key, value] of Object.entries(attributes)) {
    const match = key.startsWith(prefix) ? /^(\d+)\.(?:message\.)?(role|content|tool_calls?.*)$/.exec(key.slice(prefix.length)) : null;
    if (!match) continue;
    const at = Number(match[1]);
    const one = messages.get(at) ?? { role: '', content: [], isTool: false };
    messages.set(at, one);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (match[2] === 'role') one.role = text;
    else if (match[2] === 'content') one.content.push(text);
    else {
      one.isTool = true;
      one.content.push(text);
    }
  }
  return [...messages].sort((a, b) => a[0] - b[0]).map(([, { role, content, isTool }]) => ({ role: role === '' ? 'message' : role, text: content.join('\n'), isTool }));
}

function eventMessages(events: SpanDetail['events'], name: RegExp, contentKey: string): GenAiMessage[] {
  return events
    .filter((event) => name.test(event.name))
    .flatMap((event) => {
      const role = /^gen_ai\.(system|user|assistant|tool)\./.exec(event.name)?.[1] ?? (event.name.includes('prompt') ? 'user' : 'assistant');
      const content = event.attributes['content'] ?? event.attributes[contentKey] ?? event.attributes['gen_ai.event.content'] ?? event.attributes['message'];
      return content === undefined ? [] : messageList(content, role);
    });
}

/** `Array.isArray` that keeps the type of the items. */
const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
const isObject = (value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
