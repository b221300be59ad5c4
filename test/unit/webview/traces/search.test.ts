import assert from 'node:assert/strict';
import { INITIAL_TRACES_STATE, isTracesEvent, isTracesRequest, isTracesState, type TracesFilter } from '../../../../src/protocol/traces-panel.ts';
import { codeLocation, locationLabel } from '../../../../webview/traces/model/code-location.ts';
import { readGenAi } from '../../../../webview/traces/model/gen-ai.ts';
import { addToQuery, parseDurationNano, readFilter, readQuery } from '../../../../webview/traces/model/search-filter.ts';
import { mergeNewer, mergeOlder } from '../../../../webview/traces/model/trace-list.ts';
import { searchCondition } from '../../../../webview/traces/view/details.ts';
import { traceSummaries } from '../../../webview/generated-traces.ts';

const NONE: TracesFilter = INITIAL_TRACES_STATE.filter;

suite('what is typed to search traces', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['', {}],
    ['http.route=/a', { attributes: [{ key: 'http.route', op: '=', value: '/a' }] }],
    ['size>5 name=~"a b" !gone has:x', { attributes: [{ key: 'size', op: '>', value: '5' }, { key: 'name', op: '=~', value: 'a b' }, { key: 'gone', op: 'missing', value: '' }, { key: 'x', op: 'exists', value: '' }] }],
    ['4BF92F3577B34DA6A3CE929D0E0E4736', { traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }],
    ['0af7651c-16cd-43dd-8448-eb211c80319c', { requestId: '0af7651c-16cd-43dd-8448-eb211c80319c' }],
    ['req-42', { requestId: 'req-42' }],
    ['rate limited', { text: 'rate limited' }],
    ['"rate  limited" x=1', { attributes: [{ key: 'x', op: '=', value: '1' }], text: 'rate  limited' }],
  ];
  for (const [query, expected] of cases) test(query === '' ? 'nothing' : query, () => assert.deepEqual(readQuery(query), { params: expected, problem: '' }));

  test('what cannot be read is a problem', () => {
    assert.match(readQuery('size>big').problem, /compares numbers/);
    assert.match(readFilter({ ...NONE, minDuration: 'soon' }, 0).problem, /soon is not a duration/);
    assert.match(readFilter({ ...NONE, minDuration: '2s', maxDuration: '1s' }, 0).problem, /No span/);
  });
  test('all fields', () => {
    assert.deepEqual(readFilter({ service: 's', operation: 'o', minDuration: '1.5s', maxDuration: '2m', onlyErrors: true, query: '', lastMs: 1_000 }, 5_000).params, {
      services: ['s'], operations: ['o'], status: 'error', minDurationNano: 1.5e9, maxDurationNano: 120e9, from: '4000000000',
    }); // prettier-ignore
  });
  test('durations', () => assert.deepEqual(['10', '250ms', '1,5 s', '300us', '2 min', '1h', '-1', 'x', '1d'].map(parseDurationNano), [10e6, 250e6, 1.5e9, 300e3, 120e9, 3600e9, undefined, undefined, undefined]));
  test('a condition added from an attribute is read back as it was', () => {
    const condition = searchCondition('exception.message', 'it said "no"');
    assert.deepEqual(readQuery(addToQuery('x=1', condition)).params.attributes?.[1], { key: 'exception.message', op: '=', value: 'it said "no"' });
    assert.equal(addToQuery('x=1', 'x=1'), 'x=1');
  });
});

suite('the list of traces', () => {
  const [a, b, c] = traceSummaries(3);
  test('newer ones on top, known ones replaced', () => assert.deepEqual(mergeNewer([b!, c!], [a!, { ...b!, spanCount: 99 }]).map(({ traceId, spanCount }) => [traceId, spanCount]), [[a!.traceId, a!.spanCount], [b!.traceId, 99], [c!.traceId, c!.spanCount]]));
  test('older ones below, once', () => assert.deepEqual(mergeOlder([a!, b!], [b!, c!]), [a, b, c]));
});

suite('what spans say of code and models', () => {
  test('code location, new and old names', () => {
    assert.deepEqual(codeLocation({ 'code.file.path': '/app/src/gateway/handler.ts', 'code.line.number': 42, 'code.function.name': 'f' }), { path: '/app/src/gateway/handler.ts', line: 42, functionName: 'f' });
    assert.deepEqual(codeLocation({ 'code.filepath': 'a.py', 'code.lineno': '7' }), { path: 'a.py', line: 7, functionName: '' });
    assert.equal(codeLocation({ 'code.function.name': 'f' }), undefined);
    assert.equal(locationLabel({ path: '/app/src/gateway/handler.ts', line: 42, functionName: '' }), 'src/gateway/handler.ts:42');
  });
  test('no model call', () => assert.equal(readGenAi({ attributes: { 'http.route': '/' }, events: [] }), undefined));
  test('OpenLLMetry\'s indexed messages', () => {
    const call = readGenAi({
      attributes: { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'm', 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': 'hi', 'gen_ai.completion.0.role': 'assistant', 'gen_ai.completion.0.content': 'ho', 'gen_ai.usage.prompt_tokens': '3', 'gen_ai.response.finish_reasons': ['stop'] },
      events: [],
    });
    assert.deepEqual([call?.provider, call?.model, call?.inputTokens, call?.finishReason], ['openai', 'm', 3, 'stop']);
    assert.deepEqual([call?.prompt, call?.response], [[{ role: 'user', text: 'hi', isTool: false }], [{ role: 'assistant', text: 'ho', isTool: false }]]);
  });
  test('events of OpenTelemetry, and OpenInference', () => {
    const events = [{ offsetNano: 0, name: 'gen_ai.user.message', attributes: { content: 'hi' } }, { offsetNano: 1, name: 'gen_ai.choice', attributes: { message: { role: 'assistant', content: 'ho' } } }];
    const call = readGenAi({ attributes: { 'gen_ai.request.model': 'm' }, events });
    assert.deepEqual([call?.prompt[0]?.text, call?.response[0]?.text], ['hi', 'ho']);
    assert.deepEqual(readGenAi({ attributes: { 'llm.model_name': 'm', 'llm.input_messages.0.message.role': 'user', 'llm.input_messages.0.message.content': 'hi' }, events: [] })?.prompt, [{ role: 'user', text: 'hi', isTool: false }]);
  });
});

suite('messages of the Traces panel', () => {
  const good: readonly unknown[] = [
    { type: 'ready' },
    { type: 'ask', id: 1, question: { name: 'getTrace', params: { traceId: 'a' } } },
    { type: 'cancel', id: 1 },
    { type: 'openFile', path: 'a.ts', line: 0 },
    { type: 'setState', state: INITIAL_TRACES_STATE },
    { type: 'runAction', action: 'startDemo' },
  ];
  const bad: readonly unknown[] = [
    undefined, 'ready', { type: 'other' }, { type: 'ask', id: 'x', question: { name: 'getTrace', params: {} } }, { type: 'ask', id: 1, question: { name: 'handOver', params: {} } }, { type: 'ask', id: 1, question: { name: 'getTrace' } },
    { type: 'openFile', path: '', line: 1 }, { type: 'openFile', path: 'a', line: 1.5 }, { type: 'runAction', action: 'workbench.action.quit' }, { type: 'setState', state: { ...INITIAL_TRACES_STATE, version: 2 } },
    { type: 'setState', state: { ...INITIAL_TRACES_STATE, savedSearches: [{ name: 'x' }] } },
  ]; // prettier-ignore
  test('requests', () => {
    for (const message of good) assert.equal(isTracesRequest(message), true, JSON.stringify(message));
    for (const message of bad) assert.equal(isTracesRequest(message), false, JSON.stringify(message));
  });
  test('events and state', () => {
    assert.equal(isTracesEvent({ type: 'openTrace', traceId: 'a' }), true);
    assert.equal(isTracesEvent({ type: 'answer', id: 1, ok: true }), false);
    assert.equal(isTracesEvent({ type: 'init', locale: 'en' }), false);
    assert.equal(isTracesState(JSON.parse(JSON.stringify(INITIAL_TRACES_STATE))), true);
  });
});
