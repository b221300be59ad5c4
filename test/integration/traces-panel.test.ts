import assert from 'node:assert/strict';
import type { LogRecordDetail, LogRecords } from '../../src/protocol/logs.ts';
import { INITIAL_TRACES_STATE, type TracesRequest, type TracesState } from '../../src/protocol/traces-panel.ts';
import { CHROMIUM_PATH, hasChromium } from '../webview/charts-harness.ts';
import { bigTrace, gatewayTrace, traceSummaries } from '../webview/generated-traces.ts';
import { openTracesHarness, type OpenTraces, type TracesHarness, type TracesOptions } from '../webview/traces-harness.ts';

const GATEWAY = gatewayTrace();
const PAUSED: TracesState = { ...INITIAL_TRACES_STATE, isLive: false };
/** In front of the list: the trace that the tests open. */
const LIST = [{ ...traceSummaries(1)[0]!, traceId: GATEWAY.traceId }, ...traceSummaries(250).slice(1)];

suite('Traces panel in a browser', function () {
  this.timeout(60_000);
  let harness: TracesHarness;
  let panel: OpenTraces | undefined;

  suiteSetup(async function () {
    if (!hasChromium()) {
      process.stderr.write(`SKIPPED: the Traces panel was not tested, there is no Chromium at ${CHROMIUM_PATH} (set SIGHTLINE_CHROMIUM).\n`);
      this.skip();
    }
    harness = await openTracesHarness();
  });
  suiteTeardown(async () => {
    if (hasChromium()) await harness.dispose();
  });
  teardown(async () => {
    const problems = panel?.problems ?? [];
    await panel?.close();
    panel = undefined;
    assert.deepEqual(problems, []);
  });

  const open = async (options: TracesOptions = {}): Promise<OpenTraces> => (panel = await harness.open({ savedState: PAUSED, world: { traces: LIST, details: [GATEWAY] }, ...options }));

  /** Opens the panel with a trace in it, as after a reload. */
  const openTrace = async (options: TracesOptions = {}, state: Partial<TracesState> = {}): Promise<OpenTraces> => {
    const opened = await open({ savedState: { ...PAUSED, traceId: GATEWAY.traceId, ...state }, ...options });
    await opened.page.locator('.waterfall').waitFor();
    await painted(opened);
    return opened;
  };

  const waitFor = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
    const until = Date.now() + 10_000;
    while (!(await condition())) {
      assert.ok(Date.now() < until, `waited 10 s for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  /** Pixels of the bars that have some colour. */
  const colouredPixels = (opened: OpenTraces, selector = '.waterfall-canvas'): Promise<number> =>
    opened.page.locator(selector).evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return 0;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i + 3]! > 120 && Math.max(data[i]!, data[i + 1]!, data[i + 2]!) - Math.min(data[i]!, data[i + 1]!, data[i + 2]!) > 40) count++;
      return count;
    });
  const painted = (opened: OpenTraces): Promise<void> => waitFor('bars', async () => (await colouredPixels(opened)) > 300);

  /** The rows as the screen reader's twin has them: level, name, open or not. */
  const rows = (opened: OpenTraces): Promise<string[]> =>
    opened.page.locator('.waterfall-scroller [role=row]').evaluateAll((all) =>
      all.map((row) => `${'.'.repeat(Number(row.getAttribute('aria-level')) - 1)}${row.firstElementChild?.textContent ?? ''}${row.getAttribute('aria-expanded') === 'false' ? ' +' : ''}`),
    );
  const rowsBecome = (opened: OpenTraces, expected: readonly string[]): Promise<void> => waitFor(`rows ${expected.join('|')}`, async () => (await rows(opened)).join('|') === expected.join('|'));
  const selected = (opened: OpenTraces): Promise<string> => opened.page.locator('.details h2').innerText();
  const lastOf = <T extends TracesRequest['type']>(opened: OpenTraces, type: T): Extract<TracesRequest, { type: T }> | undefined =>
    opened.requests.findLast((request): request is Extract<TracesRequest, { type: T }> => request.type === type);
  const lastSearch = (opened: OpenTraces): unknown => opened.requests.flatMap((request) => (request.type === 'ask' && request.question.name === 'searchTraces' ? [request.question.params] : [])).at(-1);

  const FOLDED = ['POST /v1/chat', '.plugin … (24 folded) +', '.route', '..GET weights', '.chat llama-3.3-70b', '.INSERT request_log', 'flush'];

  test('paints bars and minimap in every theme, and again when it changes', async () => {
    const opened = await openTrace();
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await opened.setTheme(theme);
      await painted(opened);
      await waitFor('the minimap', async () => (await colouredPixels(opened, '.minimap')) > 100);
    }
  });

  test('folds plugin hooks; opens on the deepest failure', async () => {
    const opened = await openTrace();
    await rowsBecome(opened, FOLDED);
    assert.equal(await selected(opened), 'groq chat llama-3.3-70b');
    assert.match(await opened.page.locator('.trace-title .facts').innerText(), /1\.84.s · 30 spans · 2 errors/);
  });

  test('keys: arrows, Home, End, opening and closing', async () => {
    const opened = await openTrace();
    const { keyboard } = opened.page;
    await keyboard.press('Home');
    assert.equal(await selected(opened), 'gateway POST /v1/chat');
    await keyboard.press('ArrowLeft');
    await rowsBecome(opened, ['POST /v1/chat +', 'flush']);
    await keyboard.press('ArrowRight');
    await rowsBecome(opened, FOLDED);
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await waitFor('the fold to open', async () => (await rows(opened))[2] === '..plugin.auth.prehook');
    await keyboard.press('ArrowLeft');
    await rowsBecome(opened, FOLDED);
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowRight');
    assert.equal(await selected(opened), 'cache GET weights');
    await keyboard.press('ArrowLeft');
    assert.equal(await selected(opened), 'router route');
    await keyboard.press('End');
    assert.equal(await selected(opened), 'cache flush');
    await keyboard.press('Enter');
    assert.equal(await opened.page.evaluate(() => document.activeElement?.className), 'details');
    await keyboard.press('Escape');
    await keyboard.press('Escape');
    await opened.page.locator('.trace-row').first().waitFor();
  });

  test('search finds what is folded; next and previous; next error', async () => {
    const opened = await openTrace();
    const { keyboard } = opened.page;
    await keyboard.press('/');
    await keyboard.type('plugin quota');
    await waitFor('six matches', async () => /\/6$/.test(await opened.page.locator('.found').innerText()));
    assert.equal(await opened.page.locator('.found').innerText(), '1/6');
    assert.equal(await selected(opened), 'gateway plugin.quota.prehook');
    await keyboard.press('Enter');
    assert.equal(await opened.page.locator('.found').innerText(), '2/6');
    await keyboard.press('Shift+Enter');
    await keyboard.press('Shift+Enter');
    assert.equal(await opened.page.locator('.found').innerText(), '6/6');
    await keyboard.press('Escape');
    await keyboard.press('Escape');
    await keyboard.press('Home');
    await keyboard.press('n');
    assert.equal(await selected(opened), 'groq chat llama-3.3-70b');
    await keyboard.press('n');
    assert.equal(await selected(opened), 'gateway POST /v1/chat');
  });

  test('zoom by wheel, drag and minimap; a double click shows all', async () => {
    const opened = await openTrace({}, { spanId: 'write' });
    const shown = async (): Promise<string> => ((await opened.page.locator('.waterfall-scroller').getAttribute('aria-description')) ?? '').replaceAll('\u00a0', ' ');
    const all = 'Shows 0 ms to 1.84 s of the trace';
    await waitFor('all', async () => (await shown()) === all);
    const before = await colouredPixels(opened);
    const box = (await opened.page.locator('.waterfall-scroller').boundingBox())!;
    await opened.page.mouse.move(box.x + 500, box.y + 60);
    await opened.page.keyboard.down('Control');
    await opened.page.mouse.wheel(0, -300);
    await opened.page.mouse.wheel(0, -300);
    await opened.page.keyboard.up('Control');
    await waitFor('less', async () => (await shown()) !== all);
    assert.ok((await colouredPixels(opened)) !== before);
    await opened.page.mouse.dblclick(box.x + 800, box.y + 200);
    await waitFor('all again', async () => (await shown()) === all);
    await opened.page.mouse.move(box.x + 600, box.y + 200);
    await opened.page.mouse.down();
    await opened.page.mouse.move(box.x + 700, box.y + 200, { steps: 4 });
    await opened.page.mouse.up();
    await waitFor('the dragged stretch', async () => /^Shows [34]\d\d ms to [56]\d\d ms/.test(await shown()));
    await opened.page.keyboard.press('0');
    await waitFor('all by key', async () => (await shown()) === all);
    const map = (await opened.page.locator('.minimap').boundingBox())!;
    await opened.page.mouse.move(map.x + 100, map.y + 20);
    await opened.page.mouse.down();
    await opened.page.mouse.move(map.x + 300, map.y + 20, { steps: 4 });
    await opened.page.mouse.up();
    await waitFor('the stretch of the minimap', async () => /^Shows 14\d ms to 43\d ms/.test(await shown()));
  });

  test('details: model call, attributes, events, links and source', async () => {
    const opened = await openTrace();
    const details = opened.page.locator('.details');
    assert.match(await details.innerText(), /1,240 tokens in · 0 tokens out · \$0\.00073/);
    assert.deepEqual(await details.locator('.message').allInnerTexts(), ['system\nYou are brief.', 'user\nWhat is a span?', 'assistant · tool\nsearch({"q":"span"})']);
    await details.locator('.stack .link-button').click();
    await waitFor('the file', () => lastOf(opened, 'openFile') !== undefined);
    assert.deepEqual(lastOf(opened, 'openFile'), { type: 'openFile', path: '/app/src/gateway/upstream.ts', line: 88 });
    await opened.page.locator('.waterfall-scroller').focus();
    await opened.page.keyboard.press('Home');
    await details.locator('.code-link', { hasText: 'src/gateway/handler.ts:42' }).click();
    await waitFor('the other file', () => lastOf(opened, 'openFile')?.line === 42);
    await details.getByRole('button', { name: 'Copy http.route' }).click({ force: true });
    await waitFor('the copy', () => lastOf(opened, 'copyText')?.text === '/v1/chat');
    await details.getByRole('button', { name: 'Search for request.id' }).click({ force: true });
    await opened.page.locator('.trace-row').first().waitFor();
    await waitFor('the search', () => JSON.stringify(lastSearch(opened)).includes('"key":"request.id","op":"="'));
    assert.equal(await opened.page.locator('.query-box .query').inputValue(), 'request.id=req-42');
  });

  test('hover card, pin, table twin, critical path', async () => {
    const opened = await openTrace();
    const box = (await opened.page.locator('.waterfall-scroller').boundingBox())!;
    await opened.page.mouse.move(box.x + 100, box.y + 33);
    const card = opened.page.locator('.waterfall-body .hover-card');
    await card.waitFor();
    assert.match(await card.innerText(), /24 spans alike, 12.+ms together\nplugin\.auth\.prehook/);
    await opened.page.getByRole('button', { name: 'Keep from eviction' }).click();
    await waitFor('the pin', async () => (await opened.page.getByRole('button', { name: 'Keep from eviction' }).getAttribute('aria-pressed')) === 'true');
    await opened.page.locator('.waterfall-scroller').focus();
    await opened.page.keyboard.press('c');
    await waitFor('no critical path', () => lastOf(opened, 'setState')?.state.isCriticalPathShown === false);
    await opened.page.keyboard.press('t');
    const table = opened.page.locator('.span-table');
    await table.waitFor();
    assert.equal(await table.locator('tbody tr').count(), 30);
    await table.getByRole('button', { name: 'INSERT request_log' }).click();
    assert.equal(await selected(opened), 'postgres INSERT request_log');
  });

  /** Lines of the trace: one of the span that failed, one of another; newest first, as the collector sends them. */
  const logsOfTrace = (): LogRecords => {
    const failed = GATEWAY.spans.find(({ name, status }) => status === 'error' && name.startsWith('chat'))!;
    const line = (text: string, spanId: string, afterMs: number, level: LogRecordDetail['level']): LogRecordDetail => ({
      timeUnixNano: String(BigInt(GATEWAY.startUnixNano) + BigInt(afterMs) * 1_000_000n),
      level,
      severityText: '',
      line: text,
      attributes: {},
      traceId: GATEWAY.traceId,
      spanId,
      eventName: '',
      resource: 0,
      scope: 0,
    });
    return { records: [line('upstream said 429', failed.spanId, 900, 'error'), line('request came', GATEWAY.spans[0]!.spanId, 1, 'info')], resources: [{ service: 'gateway', attributes: {} }], scopes: [] };
  };

  test('the lines of a span and of its trace, with a way to the Logs panel', async () => {
    const opened = await openTrace({ world: { traces: LIST, details: [GATEWAY], logs: logsOfTrace() } });
    const tab = opened.page.getByRole('tab', { name: 'Logs (1)' });
    await tab.click();
    const lines = opened.page.locator('.span-log-line');
    assert.deepEqual(await lines.allInnerTexts(), ['upstream said 429']);
    await opened.page.getByRole('button', { name: 'All of the trace (2)' }).click();
    assert.deepEqual(await lines.allInnerTexts(), ['request came', 'upstream said 429']);
    if (process.env['SIGHTLINE_SHOTS'] !== undefined) await opened.page.screenshot({ path: `${process.env['SIGHTLINE_SHOTS']}/trace-logs.png` });
    await opened.page.getByRole('button', { name: 'Open in Logs' }).click();
    await waitFor('the Logs panel', () => lastOf(opened, 'openLogs') !== undefined);
    const startMs = Number(BigInt(GATEWAY.startUnixNano) / 1_000_000n);
    const sent = lastOf(opened, 'openLogs')!;
    assert.equal(sent.traceId, GATEWAY.traceId);
    assert.ok(sent.startMs <= startMs && sent.endMs >= startMs + GATEWAY.durationNano / 1e6);
  });

  test('a trace whose lines were evicted says what was sought', async () => {
    const opened = await openTrace();
    await opened.page.getByRole('tab', { name: 'Logs (0)' }).click();
    assert.match(await opened.page.locator('#details-logs .hint').innerText(), new RegExp(`No log line carries trace id ${GATEWAY.traceId} between .+ and .+ There may have been some: lines up to .+ were evicted`));
  });

  test('the charts of the provider and the service at the time of the span, by keys', async () => {
    const opened = await openTrace();
    await opened.page.getByRole('tab', { name: 'Span' }).focus();
    await opened.page.keyboard.press('ArrowLeft');
    const links = opened.page.locator('#details-metrics .link-button');
    assert.deepEqual((await links.allInnerTexts()).map((text) => text.trim()), ['Charts of the provider groq', 'Charts of the service groq']);
    await links.first().press('Enter');
    await waitFor('the charts', () => lastOf(opened, 'openCharts') !== undefined);
    assert.equal(lastOf(opened, 'openCharts')!.entity, 'groq');
  });

  test('pins a trace in the list by its key and lets it go', async () => {
    const opened = await open();
    const row = opened.page.locator('.trace-row').first();
    await row.focus();
    await opened.page.keyboard.press('p');
    await opened.page.locator('.trace-row .row-pin.is-pinned').waitFor();
    assert.equal(await opened.page.evaluate(() => document.activeElement?.getAttribute('data-trace')), GATEWAY.traceId);
    assert.match((await row.getAttribute('aria-label')) ?? '', /kept from eviction/);
    if (process.env['SIGHTLINE_SHOTS'] !== undefined) await opened.page.screenshot({ path: `${process.env['SIGHTLINE_SHOTS']}/trace-pin.png` });
    await opened.page.keyboard.press('p');
    await waitFor('no pin', async () => (await opened.page.locator('.row-pin.is-pinned').count()) === 0);
  });

  test('list: opening, going back, keys, state', async () => {
    const opened = await open();
    await opened.page.locator('.trace-row').nth(99).waitFor({ state: 'attached' });
    await waitFor('the scatter plot', async () => (await colouredPixels(opened, '.scatter-canvas')) > 300);
    await opened.page.locator('.trace-row').first().focus();
    await opened.page.keyboard.press('ArrowDown');
    await opened.page.keyboard.press('ArrowUp');
    await opened.page.keyboard.press('Enter');
    await opened.page.locator('.waterfall').waitFor();
    await waitFor('the state', () => lastOf(opened, 'setState')?.state.traceId === GATEWAY.traceId);
    await opened.page.keyboard.press('Escape');
    await waitFor('the focus on its row', () => opened.page.evaluate((id) => document.activeElement?.getAttribute('data-trace') === id, GATEWAY.traceId));
    await opened.page.getByRole('button', { name: 'Load Older' }).click();
    await waitFor('another page', async () => (await opened.page.locator('.trace-row').count()) === 200);
    await opened.page.getByLabel('Only errors').check();
    await waitFor('only errors', async () => (await opened.page.locator('.trace-mark:not(.is-error)').count()) === 0);
    await opened.page.locator('.query-box .query').fill('http.route=/a duration>5 req-42 "free text"');
    await opened.page.keyboard.press('Enter');
    await waitFor('the whole question', () => {
      const params = lastSearch(opened);
      return JSON.stringify(params) === JSON.stringify({ requestId: 'req-42', attributes: [{ key: 'http.route', op: '=', value: '/a' }, { key: 'duration', op: '>', value: '5' }], text: 'free text', status: 'error', limit: 100 });
    });
    await opened.page.getByLabel('Shortest duration').fill('soon');
    await waitFor('the problem', async () => (await opened.page.locator('.field-problem').innerText()).includes('soon is not a duration'));
  });

  test('live: new traces come on top; paused they do not', async () => {
    const opened = await open({ savedState: { ...PAUSED, isLive: true } });
    await opened.page.locator('.trace-row').first().waitFor();
    opened.world.arriving.push({ ...traceSummaries(1)[0]!, traceId: 'e'.repeat(32), rootName: 'just now', startUnixNano: '1900000000000000000' });
    await waitFor('the new one', async () => (await opened.page.locator('.trace-row').first().innerText()).includes('just now'));
    await opened.page.locator('.list-head [aria-pressed]').click();
    await waitFor('paused', () => lastOf(opened, 'setState')?.state.isLive === false);
  });

  test('saved searches', async () => {
    const opened = await open();
    await opened.page.getByLabel('Service').selectOption('web');
    await waitFor('web only', async () => (await opened.page.locator('.trace-name b').allTextContents()).every((name) => name === 'web'));
    await opened.page.getByRole('button', { name: 'Saved searches' }).click();
    await opened.page.locator('.menu-item', { hasText: 'Save “web”' }).click();
    await opened.page.getByLabel('Service').selectOption('');
    await opened.page.getByRole('button', { name: 'Saved searches' }).click();
    await opened.page.locator('.menu-item', { hasText: /^web/ }).click();
    await waitFor('web again', () => JSON.stringify(lastSearch(opened)) === '{"services":["web"],"limit":100}');
  });

  test('nothing stored, nothing found, offline, errors, unknown traces', async () => {
    const empty = await open({ world: {} });
    await empty.page.locator('.notice', { hasText: 'No traces yet' }).waitFor();
    await empty.page.locator('.button', { hasText: 'Start Demo' }).click();
    await waitFor('the demo', () => lastOf(empty, 'runAction')?.action === 'startDemo');
    await empty.page.getByLabel('Only errors').check();
    await empty.page.locator('.button', { hasText: 'Clear the Search' }).click();
    await empty.page.locator('.notice', { hasText: 'No traces yet' }).waitFor();
    await empty.send({ type: 'openTrace', traceId: 'f'.repeat(32) });
    await empty.page.locator('.notice', { hasText: 'There is no trace ffff' }).waitFor();
    await empty.page.locator('.button', { hasText: 'Back to the Search' }).click();
    await empty.page.locator('.filter-bar').waitFor();
    assert.deepEqual(empty.problems, []);
    await empty.close();
    const offline = await open({ connection: 'offline' });
    await offline.page.locator('.notice', { hasText: 'exit code 1' }).waitFor();
    assert.deepEqual(offline.problems, []);
    await offline.close();
    const broken = await open({
      before: ({ name }) => {
        if (name === 'searchTraces') throw new Error('the disk is full');
      },
    });
    await broken.page.locator('.field-problem', { hasText: 'the disk is full' }).waitFor();
  });

  test('nothing is cut or scrolls sideways from 300 px on', async () => {
    for (const width of [300, 700, 1_280]) {
      for (const state of [{}, { traceId: GATEWAY.traceId }]) {
        const opened = await open({ width, savedState: { ...PAUSED, ...state } });
        await opened.page.locator('traceId' in state ? '.waterfall' : '.trace-row').first().waitFor();
        assert.equal(await opened.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth && document.body.scrollWidth <= window.innerWidth), true, `${String(width)} px`);
        await opened.close();
      }
    }
    panel = undefined;
  });

  for (const count of [30, 5_000, 50_000]) {
    test(`${String(count)} spans: first paint, scrolling, zooming`, async () => {
      const trace = bigTrace(count);
      const opened = await openTrace({ world: { traces: LIST, details: [trace] } }, { traceId: trace.traceId, spanId: 's0' });
      const times = await opened.page.evaluate(async () => {
        const frames = Reflect.get(window, 'frameWorkMs') as number[];
        const scroller = document.querySelector('.waterfall-scroller')!;
        const run = async (step: (i: number) => void): Promise<{ work: number[]; between: number[] }> => {
          frames.length = 0;
          const between: number[] = [];
          let last = performance.now();
          for (let i = 0; i < 90; i++) {
            step(i);
            await new Promise((resolve) => setTimeout(resolve, 0));
            await new Promise((resolve) => requestAnimationFrame(resolve));
            between.push(performance.now() - last);
            last = performance.now();
          }
          return { work: frames.filter((ms) => ms > 0.05), between };
        };
        const box = scroller.getBoundingClientRect();
        return {
          scroll: await run((i) => (scroller.scrollTop += i < 45 ? 333 : scroller.scrollHeight / 60)),
          zoom: await run((i) => scroller.dispatchEvent(new WheelEvent('wheel', { deltaY: i % 40 < 20 ? -100 : 100, ctrlKey: true, clientX: box.left + 800, clientY: box.top + 100, cancelable: true }))),
        };
      });
      const first = await opened.page.evaluate(() => performance.getEntriesByName('sightline.open').at(-1)?.duration ?? NaN);
      const p95 = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
      process.stderr.write(
        `      ${String(count)} spans: opened and painted in ${first.toFixed(0)} ms; work per frame p95 scroll ${p95(times.scroll.work).toFixed(1)} ms, zoom ${p95(times.zoom.work).toFixed(1)} ms; between frames p95 scroll ${p95(times.scroll.between).toFixed(1)} ms, zoom ${p95(times.zoom.between).toFixed(1)} ms\n`,
      );
      // Far above what is aimed at (16 and 33 ms), since machines that run tests are shared.
      assert.ok(p95(times.scroll.work) < 150 && p95(times.zoom.work) < 150);
      await opened.page.keyboard.press('/');
      await opened.page.keyboard.type('needle=in');
      await waitFor('the needle', async () => (await opened.page.locator('.found').innerText()) === '1/1');
    });
  }
});
