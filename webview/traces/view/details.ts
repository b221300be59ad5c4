import { formatAttributeCondition } from '../../../src/protocol/attribute-condition.ts';
import type { JsonAttributes } from '../../../src/protocol/telemetry.ts';
import { element, icon, iconButton, listen } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/format-number.ts';
import { codeLocation, locationLabel } from '../model/code-location.ts';
import { readGenAi, type GenAiCall, type GenAiMessage } from '../model/gen-ai.ts';
import { valueText, type TraceDocument } from '../model/trace-document.ts';

/** What the details can do. */
export interface DetailsActions {
  copy(text: string, what: string): void;
  addToSearch(condition: string): void;
  openFile(path: string, line: number): void;
  openTrace(traceId: string, spanId: string): void;
}

/** Longer values are cut, with a button for the rest. */
const LONG_TEXT = 2_000;

/** Fills `root` with all of one span. */
export function renderDetails(root: HTMLElement, trace: TraceDocument, place: number, locale: string | undefined, actions: DetailsActions): void {
  const span = trace.tree.spans[place];
  const detail = trace.details[place];
  if (!span || !detail) {
    root.replaceChildren(element('p', { class: 'hint' }, 'Choose a span to see its attributes and events.'));
    return;
  }
  const seconds = (nano: number): string => formatNumber(nano / 1e9, 'seconds', locale);
  const facts = [seconds(span.durationNs), `itself ${seconds(trace.selfNs[place]!)}`, `starts after ${seconds(trace.tree.startNs[place]! - trace.whole.fromNs)}`, span.kind === 'unspecified' ? '' : span.kind];
  const location = codeLocation(detail.attributes);
  const call = readGenAi(detail);
  const resource = trace.detail.resources[detail.resource];
  const scope = trace.detail.scopes[detail.scope];
  root.replaceChildren(
    element(
      'header',
      { class: 'details-head' },
      element('h2', {}, element('span', { class: 'details-service' }, span.service), ` ${span.name}`),
      element('p', { class: 'facts' }, facts.filter((fact) => fact !== '').join(' · ')),
      location ? codeLink(locationLabel(location), () => actions.openFile(location.path, location.line), location.path) : undefined,
    ),
    ...(span.isError ? [element('p', { class: 'failure' }, icon('error'), element('span', {}, detail.statusMessage === '' ? 'failed' : detail.statusMessage))] : []),
    ...(trace.tree.isOrphan[place] === 1 ? [element('p', { class: 'hint' }, `Its parent ${span.parentSpanId} was not received.`)] : []),
    ...(call ? [genAiSection(call, locale, actions)] : []),
    attributeSection('Attributes', detail.attributes, actions),
    ...(detail.events.length > 0 ? [eventsSection(trace, place, seconds, actions)] : []),
    ...(detail.links.length > 0 ? [linksSection(detail.links, actions)] : []),
    ...(resource ? [attributeSection('Resource', resource.attributes, actions)] : []),
    element(
      'p',
      { class: 'hint' },
      `span ${span.spanId}${scope && scope.name !== '' ? ` · recorded by ${scope.name} ${scope.version}` : ''}${detail.droppedCount > 0 ? ` · ${String(detail.droppedCount)} attributes, events or links were dropped by the sender` : ''}`,
    ),
  );
}

function section(title: string, count: number | undefined, ...children: (Node | undefined)[]): HTMLElement {
  return element('section', { class: 'details-section', 'aria-label': title }, element('h3', {}, count === undefined ? title : `${title} (${String(count)})`), ...children);
}

function codeLink(label: string, run: () => void, title: string): HTMLElement {
  const link = element('button', { type: 'button', class: 'link-button code-link', title: `Open ${title}` }, icon('go-to-file'), ` ${label}`);
  listen(link, 'click', run);
  return link;
}

function attributeSection(title: string, attributes: JsonAttributes, actions: DetailsActions): HTMLElement {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return section(title, undefined, element('p', { class: 'hint' }, 'none'));
  const rows = entries.map(([key, value]) => {
    const text = valueText(value);
    const copy = iconButton('copy', `Copy ${key}`);
    listen(copy, 'click', () => actions.copy(text, key));
    const search = iconButton('search', `Search for ${key} with this value`);
    listen(search, 'click', () => actions.addToSearch(searchCondition(key, text)));
    return element('tr', {}, element('th', { scope: 'row' }, key), element('td', {}, longText(text)), element('td', { class: 'row-actions' }, copy, search));
  });
  return section(title, entries.length, element('table', { class: 'attributes' }, element('tbody', {}, ...rows)));
}

/** As the search field reads it: quoted where it has spaces. */
export function searchCondition(key: string, value: string): string {
  return /[\s"]/.test(value) ? `${key}=${JSON.stringify(value)}` : formatAttributeCondition({ key, op: '=', value });
}

/** The text, its rest behind a button when it is long. */
function longText(text: string): HTMLElement {
  const node = element('span', { class: 'value' }, text.length > LONG_TEXT ? `${text.slice(0, LONG_TEXT)} ` : text);
  if (text.length > LONG_TEXT) {
    const more = element('button', { type: 'button', class: 'link-button' }, `… ${String(text.length - LONG_TEXT)} more characters`);
    listen(more, 'click', () => node.replaceChildren(text));
    node.append(more);
  }
  return node;
}

function eventsSection(trace: TraceDocument, place: number, seconds: (nano: number) => string, actions: DetailsActions): HTMLElement {
  const { events, offsetNano } = trace.details[place]!;
  const items = events.map((event) => {
    const stack = event.attributes['exception.stacktrace'];
    return element(
      'details',
      { class: 'event', open: events.length === 1 || event.name === 'exception' },
      element('summary', {}, element('span', { class: 'event-time' }, `+${seconds(event.offsetNano - offsetNano)}`), ` ${event.name}`),
      typeof stack === 'string' ? stackTrace(stack, actions) : undefined,
      attributeSection('Attributes', Object.fromEntries(Object.entries(event.attributes).filter(([key]) => key !== 'exception.stacktrace')), actions),
    );
  });
  return section('Events', events.length, ...items);
}

/** A stack trace with its files as links. */
function stackTrace(stack: string, actions: DetailsActions): HTMLElement {
  const root = element('pre', { class: 'stack' });
  for (const line of stack.split('\n')) {
    const match = /((?:file:\/\/)?(?:[A-Za-z]:)?[^\s()'"]*[/\\][^\s()'"]+?\.\w+):(\d+)(?::\d+)?/.exec(line);
    if (match) {
      const link = element('button', { type: 'button', class: 'link-button' }, match[0]);
      listen(link, 'click', () => actions.openFile(match[1]!, Number(match[2])));
      root.append(line.slice(0, match.index), link, `${line.slice(match.index + match[0].length)}\n`);
    } else root.append(`${line}\n`);
  }
  return root;
}

function linksSection(links: TraceDocument['details'][number]['links'], actions: DetailsActions): HTMLElement {
  const items = links.map(({ traceId, spanId }) => {
    const link = element('button', { type: 'button', class: 'link-button' }, `trace ${traceId.slice(0, 8)}…, span ${spanId}`);
    listen(link, 'click', () => actions.openTrace(traceId, spanId));
    return element('li', {}, link);
  });
  return section('Links', links.length, element('ul', {}, ...items));
}

function genAiSection(call: GenAiCall, locale: string | undefined, actions: DetailsActions): HTMLElement {
  const count = (value: number | undefined, what: string): string => (value === undefined ? '' : `${value.toLocaleString(locale)} ${what}`);
  const cost = call.cost === undefined ? '' : `$${call.cost.toLocaleString(locale, { maximumSignificantDigits: 3 })}`;
  const facts = [call.provider, call.model, call.operation, count(call.inputTokens, 'tokens in'), count(call.outputTokens, 'tokens out'), cost, call.finishReason === '' ? '' : `ended by ${call.finishReason}`];
  const messages = (title: string, list: readonly GenAiMessage[]): HTMLElement | undefined => {
    if (list.length === 0) return undefined;
    const copy = iconButton('copy', `Copy ${title}`);
    listen(copy, 'click', () => actions.copy(list.map(({ role, text }) => `${role}: ${text}`).join('\n\n'), title));
    return element(
      'div',
      { class: 'messages' },
      element('h4', {}, title, copy),
      ...list.map(({ role, text, isTool }) => element('div', { class: `message${isTool ? ' is-tool' : ''}` }, element('span', { class: 'message-role' }, isTool ? `${role} · tool` : role), longText(text))),
    );
  };
  return section('Model call', undefined, element('p', { class: 'facts' }, facts.filter((fact) => fact !== '').join(' · ')), messages('Prompt', call.prompt), messages('Response', call.response));
}
