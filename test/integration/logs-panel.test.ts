import assert from 'node:assert/strict';
import type { LogsRequest, LogsState } from '../../src/protocol/logs-panel.ts';
import { CHROMIUM_PATH, hasChromium } from '../webview/charts-harness.ts';
import { GeneratedLogs } from '../webview/generated-logs.ts';
import { openLogsHarness, type LogsHarness, type OpenPanel, type PanelOptions } from '../webview/logs-harness.ts';

const state: LogsState = {
  version: 1, range: { kind: 'last', durationMs: 3_600_000 }, isLive: false, query: '', levels: [], services: [], attributes: [],
  traceId: '', requestId: '', arePatternsShown: false, isHistogramTable: false, serviceWidthPx: 120,
}; // prettier-ignore

suite('Logs panel in a browser', function () {
  this.timeout(120_000);
  let harness: LogsHarness;
  let panel: OpenPanel | undefined;

  suiteSetup(async function () {
    if (!hasChromium()) {
      process.stderr.write(`SKIPPED: the Logs panel was not tested, there is no Chromium at ${CHROMIUM_PATH} (set SIGHTLINE_CHROMIUM).\n`);
      this.skip();
    }
    harness = await openLogsHarness();
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

  /** Opens a panel and waits for its first painting. */
  async function open(options: Partial<PanelOptions> = {}): Promise<OpenPanel> {
    panel = await harness.open({ logs: new GeneratedLogs(2_000, Date.now()), ...options });
    await panel.painted();
    return panel;
  }

  /** Opens a panel that will have nothing to paint. */
  async function openBlank(options: Partial<PanelOptions>): Promise<OpenPanel> {
    panel = await harness.open({ logs: new GeneratedLogs(0, Date.now()), ...options });
    await panel.page.locator('.notice.blank').waitFor();
    return panel;
  }

  const waitFor = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
    const until = Date.now() + 15_000;
    while (!(await condition())) {
      assert.ok(Date.now() < until, `waited 15 s for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const summary = (opened: OpenPanel): Promise<string> => opened.page.locator('.summary').innerText();
  const last = async <T extends LogsRequest['type']>(opened: OpenPanel, type: T): Promise<Extract<LogsRequest, { type: T }> | undefined> => {
    await opened.arrived();
    return opened.requests.findLast((request): request is Extract<LogsRequest, { type: T }> => request.type === type);
  };
  const searches = (opened: OpenPanel): number => opened.requests.filter((request) => request.type === 'ask' && request.question.name === 'searchLogs').length;
  const messages = (opened: OpenPanel): Promise<string[]> => opened.page.locator('.row-group:not([hidden]) .message-text').allInnerTexts();

  test('rows stand newest first with level, service and message; only those in sight are elements', async () => {
    const opened = await open();
    assert.match(await summary(opened), /^2,000 lines · 500 loaded$/);
    assert.ok((await opened.page.locator('.row-group').count()) < 70);
    const times = await opened.page.locator('.row-group:not([hidden]) .time').allInnerTexts();
    assert.deepEqual(times, [...times].sort().reverse());
    assert.match(await opened.page.locator('.row[aria-rowindex="2"]').innerText(), /\d\d:\d\d:\d\d\.\d{3}\s+(Fatal|Error|Warn|Info|Debug|Trace)\s+(gateway|router|billing|embeddings)\s+\S/);
  });

  test('a row opens by keyboard, shows its fields and its JSON, and closes', async () => {
    const opened = await open({ savedState: state });
    const { page } = opened;
    await page.locator('.rows').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const detail = page.locator('.detail');
    await detail.waitFor();
    assert.match(await detail.innerText(), /request\.id\s+req-[0-9a-f]{8}/);
    assert.equal(await page.locator('.row.is-active').getAttribute('aria-expanded'), 'true');
    assert.equal(await page.locator('.rows').getAttribute('aria-activedescendant'), await page.locator('.row.is-active').getAttribute('id'));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const json: unknown = JSON.parse(await page.locator('.detail-json').innerText());
    assert.ok(typeof json === 'object' && json !== null && 'resource' in json && 'attributes' in json);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.deepEqual(JSON.parse((await last(opened, 'copyText'))?.text ?? ''), json);
    await page.keyboard.press('Escape');
    assert.ok(await page.locator('.rows').evaluate((node) => node === document.activeElement));
    await page.keyboard.press('ArrowLeft');
    assert.equal(await detail.count(), 0);
  });

  test('rows below a detail begin where it ends', async () => {
    const opened = await open({ savedState: state });
    await opened.page.locator('.row[aria-rowindex="3"]').click();
    await waitFor('the next row stands below the detail', async () => {
      const detail = await opened.page.locator('.detail').boundingBox();
      const next = await opened.page.locator('.row[aria-rowindex="4"]').boundingBox();
      return detail !== null && next !== null && Math.abs(detail.y + detail.height - next.y) < 1.5;
    });
  });

  test('a value of a detail becomes a filter with a chip, and the chip takes it away', async () => {
    const opened = await open({ savedState: state });
    const { page } = opened;
    await page.locator('.row[aria-rowindex="2"]').click();
    await page.locator('.detail-action', { hasText: 'Only This Request ID' }).click();
    await waitFor('one line', async () => (await summary(opened)).startsWith('1 lines'));
    await page.locator('.chip-remove').click();
    await waitFor('all lines', async () => (await summary(opened)).startsWith('2,000 lines'));
    await page.locator('.row[aria-rowindex="2"]').click();
    await page.locator('button[aria-label^="Add to filter: duration.ms is not"]').click();
    await page.locator('.chip-name', { hasText: 'duration.ms!=' }).waitFor();
    await waitFor('fewer lines', async () => /^1,99\d lines/.test(await summary(opened)));
  });

  test('text and LogQL are asked of the collector; a problem is underlined with its place', async () => {
    const opened = await open({ savedState: state });
    const { page } = opened;
    await page.keyboard.press('/');
    await page.keyboard.type('RATE LIMITED');
    await page.keyboard.press('Enter');
    await waitFor('only such lines', async () => (await messages(opened)).every((text) => text.includes('rate limited')));
    await page.locator('.filter-input').fill('|= `Retry`');
    await waitFor('only retries', async () => (await messages(opened)).every((text) => text.startsWith('Retry')));
    await page.locator('.filter-input').fill('|= `Retry` | bad');
    await page.locator('.filter-problem:not([hidden])').waitFor();
    assert.equal(await page.locator('.filter-problem').innerText(), 'unknown stage: bad (column 14)');
    assert.equal(await page.locator('.filter-marks mark').innerText(), 'bad');
    assert.equal(await page.locator('.filter-input').getAttribute('aria-invalid'), 'true');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await waitFor('all lines again', async () => (await summary(opened)).startsWith('2,000 lines'));
  });

  test('completes the selector from the services there are', async () => {
    const opened = await open({ savedState: state });
    const { page } = opened;
    await page.locator('.filter-input').focus();
    await page.keyboard.type('{ser');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('rou');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    assert.equal(await page.locator('.filter-input').inputValue(), '{service_name="router"');
  });

  test('facets count and limit', async () => {
    const opened = await open({ savedState: state });
    const { page } = opened;
    const count = Number((await page.locator('.facet', { hasText: 'Warn' }).locator('.facet-count').innerText()).replace(/\D/g, ''));
    assert.ok(count > 50);
    await page.locator('input[data-value="warn"]').check();
    await waitFor('warnings only', async () => (await summary(opened)).startsWith(`${count} lines`));
    assert.ok((await page.locator('.row-group:not([hidden]) .level-word').allInnerTexts()).every((word) => word === 'Warn'));
    assert.ok((await page.locator('.facet').count()) >= 9, 'the other levels are still there to choose');
    await page.locator('input[data-value="router"]').check();
    await page.locator('.chip-name', { hasText: 'router' }).waitFor();
  });

  test('the histogram zooms by a drag and by keys, resets, and has a table', async () => {
    const opened = await open({ savedState: state });
    const { page } = opened;
    const box = (await page.locator('.histogram-plot').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.6, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 40, { steps: 4 });
    await page.mouse.up();
    const zoomed = (await last(opened, 'setState'))!.state.range;
    assert.ok(zoomed.kind === 'fixed' && zoomed.endMs - zoomed.startMs > 600_000 && zoomed.endMs - zoomed.startMs < 900_000, JSON.stringify(zoomed));
    await waitFor('fewer lines', async () => /^[3-7]\d\d lines/.test(await summary(opened)));
    await page.locator('.histogram-plot').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    const closer = (await last(opened, 'setState'))!.state.range;
    assert.ok(closer.kind === 'fixed' && closer.endMs - closer.startMs < 60_000);
    await page.keyboard.press('Escape');
    assert.equal((await last(opened, 'setState'))!.state.range.kind, 'last');
    await page.keyboard.press('v');
    await page.locator('.histogram-table tbody tr').first().waitFor();
    assert.match(await page.locator('.histogram-table thead').innerText(), /From.*Error.*Info/s);
  });

  test('live: new lines come in by themselves; further down they wait behind a pill; paused they do not come', async () => {
    const logs = new GeneratedLogs(2_000, Date.now());
    const opened = await open({ logs });
    const { page } = opened;
    const top = (): Promise<string> => page.locator('.row[aria-rowindex="2"] .message-text').innerText();
    await waitFor('the tail runs', () => opened.requests.some((request) => request.type === 'ask' && request.question.name === 'tailLogs' && request.question.params.after !== undefined));
    logs.arrive(Date.now(), { line: 'the newest of all' });
    await waitFor('the new line', async () => (await top()) === 'the newest of all');
    await page.locator('.rows').evaluate((node) => node.scrollTo(0, 2_200));
    await page.locator('.row[aria-rowindex="105"]').waitFor();
    const place = await page.locator('.row[aria-rowindex="105"]').boundingBox();
    const text = await page.locator('.row[aria-rowindex="105"]').innerText();
    logs.arrive(Date.now(), { line: 'newer still' });
    logs.arrive(Date.now(), { line: 'newest again' });
    await page.locator('.pill').waitFor();
    assert.equal(await page.locator('.pill').innerText(), '2 new');
    const after = await page.locator('.row[aria-rowindex="107"]').boundingBox();
    assert.equal(await page.locator('.row[aria-rowindex="107"]').innerText(), text);
    assert.ok(Math.abs(place!.y - after!.y) < 1, 'what is read does not move');
    const order = await page.locator('.row[aria-rowindex]').evaluateAll((nodes) => nodes.map((node) => Number(node.getAttribute('aria-rowindex'))));
    assert.deepEqual(order, [...order].sort((a, b) => a - b), 'elements stand in reading order');
    await page.locator('.pill').click();
    await waitFor('the top', async () => (await top()) === 'newest again');
    const before = searches(opened);
    await page.keyboard.press('l');
    await waitFor('the refresh after the pause', () => searches(opened) > before);
    assert.equal(await page.locator('.live').getAttribute('aria-pressed'), 'false');
    const asked = opened.requests.length;
    logs.arrive(Date.now(), { line: 'not seen' });
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    assert.equal(opened.requests.slice(asked).filter((request) => request.type === 'ask' && request.question.name === 'tailLogs').length, 0);
  });

  test('older pages follow at the end, by the cursor', async () => {
    const opened = await open({ savedState: state });
    const { page } = opened;
    await page.locator('.rows').focus();
    await page.keyboard.press('End');
    await waitFor('all are loaded', async () => {
      await page.keyboard.press('End');
      return (await summary(opened)).endsWith('2,000 loaded');
    });
    assert.equal(await page.locator('.rows-footer').innerText(), 'No more in the last 1\u00a0h');
    assert.ok(searches(opened) >= 2);
  });

  test('patterns group lines and filter by one', async () => {
    const opened = await open({ savedState: state });
    const { page } = opened;
    await page.keyboard.press('p');
    const first = page.locator('.pattern-text').first();
    assert.equal(await first.innerText(), 'POST /v#/chat/completions # in # ms');
    await page.locator('.pattern-text', { hasText: 'Cache miss' }).click();
    await waitFor('only cache misses', async () => (await messages(opened)).every((text) => text.startsWith('Cache miss')));
    assert.match(await page.locator('.filter-input').inputValue(), /^\|~ `Cache miss/);
  });

  test('says what is missing, what is wrong, and what helps', async () => {
    const opened = await openBlank({});
    assert.match(await opened.page.locator('.notice.blank').innerText(), /No logs yet[\s\S]*Start Demo/);
    await opened.page.locator('.button', { hasText: 'Start Demo' }).click();
    assert.equal((await last(opened, 'runAction'))?.action, 'startDemo');
    await opened.send({ type: 'status', connection: 'offline', detail: 'It ended.' });
    await waitFor('offline', async () => (await opened.page.locator('.notice.blank').innerText()).includes('The collector is not running'));
  });

  test('nothing found: clears the filters', async () => {
    const opened = await openBlank({ logs: new GeneratedLogs(100, Date.now()), savedState: { ...state, query: 'nowhere' } });
    assert.match(await opened.page.locator('.notice.blank').innerText(), /No lines match/);
    await opened.page.locator('.button', { hasText: 'Clear All Filters' }).click();
    await opened.painted();
  });

  test('an error stands where the data would be, and Retry asks again', async () => {
    let isBroken = true;
    const opened = await openBlank({ logs: new GeneratedLogs(100, Date.now()), savedState: state, check: () => {
      if (isBroken) throw new Error('the disk is gone');
    } }); // prettier-ignore
    assert.match(await opened.page.locator('.notice.blank').innerText(), /The logs could not be read\s+the disk is gone/);
    isBroken = false;
    await opened.page.locator('.button', { hasText: 'Retry' }).click();
    await opened.painted();
  });

  test('comes back as it was after a reload', async () => {
    const saved: LogsState = { ...state, query: 'Retry', levels: ['warn'], services: ['router'], isHistogramTable: true, areFacetsShown: false, serviceWidthPx: 200 };
    const opened = await harness.open({ logs: new GeneratedLogs(2_000, Date.now()), savedState: saved });
    panel = opened;
    await opened.page.locator('.histogram-table tbody tr').first().waitFor();
    assert.equal(await opened.page.locator('.filter-input').inputValue(), 'Retry');
    assert.equal(await opened.page.locator('.facets').isVisible(), false);
    assert.ok(Math.abs((await opened.page.locator('.head .service').boundingBox())!.width - 200) < 1);
    await opened.page.locator('.column-separator').focus();
    await opened.page.keyboard.press('ArrowRight');
    assert.deepEqual(await opened.state(), { ...saved, serviceWidthPx: 210 });
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    for (const width of [300, 1_280]) {
      test(`fits ${width} px in ${theme}`, async () => {
        const opened = await open({ theme, width, savedState: state });
        await opened.page.locator('.row[aria-rowindex="3"]').click();
        await opened.page.locator('.detail').waitFor();
        const overflow = await opened.page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.rows, .facets')].map((node) => node.scrollWidth - node.clientWidth));
        assert.ok(overflow.every((excess) => excess <= 0), overflow.join());
      });
    }
  }

  for (const count of [10_000, 100_000]) {
    test(`${count.toLocaleString('en')} rows: paints, scrolls, filters and expands without a delay`, async () => {
      const logs = new GeneratedLogs(count, Date.now());
      const startedAt = performance.now();
      const opened = await open({ logs, savedState: state, pageSize: 10_000 });
      const paintMs = performance.now() - startedAt;
      const { page } = opened;
      await waitFor('all are loaded', async () => {
        await page.locator('.rows').evaluate((node) => node.scrollTo(0, node.scrollHeight));
        return (await summary(opened)).includes(`· ${count.toLocaleString('en-US')} loaded`);
      });
      const { scroll, expandMs } = await page.evaluate(async () => {
        const rows = document.querySelector('.rows')!;
        const frame = (): Promise<number> => new Promise((resolve) => void requestAnimationFrame(resolve));
        const scroll: number[] = [];
        rows.scrollTop = 0;
        let before = await frame();
        for (let at = 0; at < 120; at++) {
          rows.scrollTop += at % 3 === 0 ? rows.scrollHeight / 130 : 500;
          const now = await frame();
          scroll.push(now - before);
          before = now;
        }
        const started = performance.now();
        document.querySelectorAll<HTMLElement>('.row-group:not([hidden]) .row')[20]!.click();
        document.querySelector('.detail')!.getBoundingClientRect();
        return { scroll: scroll.sort((a, b) => a - b), expandMs: performance.now() - started };
      });
      const p95 = scroll[Math.floor(scroll.length * 0.95)]!;
      const p50 = scroll[Math.floor(scroll.length / 2)]!;
      const filteredAt = performance.now();
      await page.locator('.filter-input').fill('Out of memory');
      await page.keyboard.press('Enter');
      await waitFor('the filter', async () => (await messages(opened)).every((text) => text.startsWith('Out of memory')));
      const filterMs = performance.now() - filteredAt;
      const heapBytes = await page.evaluate(() => ('memory' in performance ? (performance.memory as { usedJSHeapSize: number }).usedJSHeapSize : 0));
      process.stderr.write(`      ${count} rows: painted ${paintMs.toFixed(0)} ms after opening the page, scroll frame p95 ${p95.toFixed(1)} ms, expand ${expandMs.toFixed(1)} ms, filter round trip ${filterMs.toFixed(0)} ms, heap ${(heapBytes / 2 ** 20).toFixed(0)} MiB\n`);
      // Software rendering on a busy machine: the limits are for what goes wrong by an order.
      assert.ok(p50 < 50, `half of the scroll frames took more than ${p50.toFixed(1)} ms`);
      assert.ok(expandMs < 100, `expand ${expandMs.toFixed(1)} ms`);
    });
  }
});
