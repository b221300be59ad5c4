import assert from 'node:assert/strict';
import type { ChartsRequest, ChartsState } from '../../src/protocol/charts.ts';
import { CHROMIUM_PATH, hasChromium, openChartsHarness, type ChartsHarness, type OpenPanel, type PanelOptions } from '../webview/charts-harness.ts';
import { answerQueries } from '../webview/generated-series.ts';

const state: ChartsState = { version: 1, range: { kind: 'last', durationMs: 900_000 }, isLive: true, providers: [], hidden: [], tables: [] };

suite('Charts panel in a browser', function () {
  this.timeout(60_000);
  let harness: ChartsHarness;
  let panel: OpenPanel | undefined;

  suiteSetup(async function () {
    if (!hasChromium()) {
      process.stderr.write(`SKIPPED: the Charts panel was not tested, there is no Chromium at ${CHROMIUM_PATH} (set SIGHTLINE_CHROMIUM).\n`);
      this.skip();
    }
    harness = await openChartsHarness();
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
  async function open(options: PanelOptions = {}): Promise<OpenPanel> {
    panel = await harness.open(options);
    await panel.painted();
    return panel;
  }

  const card = (id: string): string => `[data-chart="${id}"]`;
  const plot = (id: string): string => `${card(id)} .plot`;
  /** The newest message of a type, once all that was sent has arrived. */
  const last = async <T extends ChartsRequest['type']>(opened: OpenPanel, type: T): Promise<Extract<ChartsRequest, { type: T }> | undefined> => {
    await opened.arrived();
    return opened.requests.findLast((request): request is Extract<ChartsRequest, { type: T }> => request.type === type);
  };

  /** How many pixels of a chart's canvas are drawn with some colour (not grey, not clear). */
  const colouredPixels = (opened: OpenPanel, id: string): Promise<number> =>
    opened.page.locator(`${card(id)} canvas`).evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const [r, g, b, a] = [data[i]!, data[i + 1]!, data[i + 2]!, data[i + 3]!];
        if (a > 120 && Math.max(r, g, b) - Math.min(r, g, b) > 40) count++;
      }
      return count;
    });

  const waitFor = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
    const until = Date.now() + 10_000;
    while (!(await condition())) {
      assert.ok(Date.now() < until, `waited 10 s for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  test('all six charts paint in every theme, and again when it changes', async () => {
    const opened = await open({ theme: 'dark' });
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await opened.setTheme(theme);
      for (const id of ['rate', 'success', 'latency', 'heat', 'tokens', 'errors']) {
        await waitFor(`${id} in ${theme}`, async () => (await colouredPixels(opened, id)) > 200);
      }
    }
  });

  test('live: asks again by itself, for the newest points only', async () => {
    const opened = await open();
    const queries = (): Extract<ChartsRequest, { type: 'queryRange' }>[] => opened.requests.filter((request) => request.type === 'queryRange');
    const [first] = queries();
    await waitFor('another question', () => queries().length > 1);
    const [from, next] = [first!.params, queries()[1]!.params];
    assert.ok(next.endMs - next.startMs < (from.endMs - from.startMs) / 2, `only the tail, not ${JSON.stringify([from, next])}`);
    assert.ok(next.endMs >= from.endMs);
    assert.match(await opened.page.locator('.age').innerText(), /now|\d+\ss ago/);
  });

  test('paused: asks no more, and the command goes live again', async () => {
    const opened = await open({ savedState: { ...state, isLive: false } });
    assert.equal(await opened.page.locator('.live').getAttribute('aria-pressed'), 'false');
    await opened.send({ type: 'command', command: 'toggleLive' });
    await waitFor('live', async () => (await opened.page.locator('.live').getAttribute('aria-pressed')) === 'true');
    await opened.page.keyboard.press('l');
    await waitFor('paused', async () => (await opened.page.locator('.live-text').innerText()) === 'Paused');
    assert.equal((await last(opened, 'setState'))?.state.isLive, false);
  });

  test('the legend hides, isolates by Alt+click and by Alt+Enter', async () => {
    const opened = await open();
    const before = await colouredPixels(opened, 'rate');
    const groq = opened.page.locator('.legend-button', { hasText: 'groq' });
    await groq.click();
    await waitFor('the button', async () => (await groq.getAttribute('aria-pressed')) === 'false');
    await waitFor('a line less', async () => (await colouredPixels(opened, 'rate')) < before * 0.9);
    await groq.click({ modifiers: ['Alt'] });
    assert.deepEqual([...((await last(opened, 'setState'))?.state.hidden ?? [])].sort(), ['anthropic', 'bedrock', 'openai']);
    // One alone shows its three quantiles, which needs another question.
    await waitFor('the quantiles', async () => (await last(opened, 'queryRange'))!.params.queries.some(({ id }) => id === 'bifrost.p50'));
    await waitFor('their key', async () => (await opened.page.locator(`${card('latency')} .card-key li`).allInnerTexts()).join() === 'p50,p95,p99');
    await groq.focus();
    await opened.page.keyboard.press('Alt+Enter');
    assert.deepEqual((await last(opened, 'setState'))?.state.hidden, []);
  });

  test('the crosshair is shared by all charts and reads values', async () => {
    const opened = await open({ savedState: { ...state, isLive: false } });
    const box = (await opened.page.locator(plot('rate')).boundingBox())!;
    await opened.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const readout = opened.page.locator(`${card('rate')} .readout`);
    await readout.waitFor();
    const names = await readout.locator('.readout-name').allInnerTexts();
    assert.ok(names.includes('openai') && names.includes('anthropic'), names.join());
    assert.match((await readout.locator('.readout-value').first().innerText()).replace('\u00a0', ' '), /^[\d.]+ req\/s$/);
    assert.equal(await opened.page.locator('.crosshair:visible').count(), 6);
    assert.match(await opened.page.locator('.legend-table thead th').first().innerText(), /^At /);
    await opened.page.mouse.move(2, 2);
    await waitFor('no crosshair', async () => (await opened.page.locator('.crosshair:visible').count()) === 0);
  });

  test('marks on the time axis, and what was evicted, are drawn and read', async () => {
    const opened = await open({ savedState: { ...state, isLive: false } });
    const now = Date.now();
    await opened.send({ type: 'status', connection: 'connected', isPaused: false, detail: '', evictedBeforeMs: now - 600_000 });
    await opened.send({ type: 'markers', markers: [{ atMs: now - 450_000, kind: 'debug', label: 'Debug: gateway' }] });
    const box = (await opened.page.locator(`${card('rate')} canvas`).boundingBox())!;
    await opened.page.mouse.move(box.x + 68 + (box.width - 76) / 2, box.y + box.height / 2);
    await opened.page.locator(`${card('rate')} .readout-name`, { hasText: 'Debug: gateway' }).waitFor();
  });

  test('dragging zooms and pauses; a double click goes back', async () => {
    const opened = await open();
    const box = (await opened.page.locator(plot('latency')).boundingBox())!;
    const y = box.y + box.height / 2;
    await opened.page.mouse.move(box.x + box.width * 0.4, y);
    await opened.page.mouse.down();
    await opened.page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 });
    assert.equal(await opened.page.locator(`${card('latency')} .selection`).isVisible(), true);
    await opened.page.mouse.up();
    const zoomed = (await last(opened, 'setState'))!.state;
    assert.equal(zoomed.isLive, false);
    assert.ok(zoomed.range.kind === 'fixed');
    const minutes = (zoomed.range.endMs - zoomed.range.startMs) / 60_000;
    assert.ok(minutes > 2.5 && minutes < 4.5, `${String(minutes)} minutes`);
    await waitFor('the zoomed question', async () => {
      const params = (await last(opened, 'queryRange'))!.params;
      return params.endMs - params.startMs < 6 * 60_000;
    });
    await opened.page.mouse.dblclick(box.x + box.width / 2, y);
    assert.deepEqual([(await last(opened, 'setState'))?.state.range, (await last(opened, 'setState'))?.state.isLive], [{ kind: 'last', durationMs: 900_000 }, true]);
  });

  test('the wheel scrolls the page unless a modifier is held', async () => {
    const opened = await open({ width: 720, height: 500 });
    const box = (await opened.page.locator(plot('rate')).boundingBox())!;
    await opened.page.mouse.move(box.x + box.width / 2, box.y + 60);
    await opened.page.mouse.wheel(0, 100);
    await waitFor('the page to scroll', () => opened.page.evaluate(() => window.scrollY > 0));
    assert.equal((await last(opened, 'setState'))?.state.range.kind, 'last');
    await opened.page.keyboard.down('Control');
    await opened.page.mouse.wheel(0, -100);
    await opened.page.keyboard.up('Control');
    await waitFor('a zoom', async () => (await last(opened, 'setState'))?.state.range.kind === 'fixed');
  });

  test('table twin by key and button, CSV and PromQL by keys', async () => {
    const opened = await open({ savedState: { ...state, isLive: false } });
    await opened.page.locator(plot('rate')).focus();
    await opened.page.keyboard.press('t');
    const table = opened.page.locator(`${card('rate')} .data-table`);
    await table.waitFor();
    assert.deepEqual(await table.locator('thead th').allInnerTexts(), ['Time', 'anthropic', 'bedrock', 'groq', 'openai']);
    assert.ok((await table.locator('tbody tr').count()) > 50);
    await opened.page.keyboard.press('c');
    await opened.page.keyboard.press('p');
    await waitFor('both copies', () => opened.requests.filter(({ type }) => type === 'copyText').length === 2);
    const [csv, promQl] = opened.requests.filter((request) => request.type === 'copyText');
    assert.match(csv!.text, /^time,anthropic,bedrock,groq,openai\r\n\d{4}-\d\d-\d\dT[\d:.]+Z,[\d.]+,/);
    assert.match(promQl!.text, /^sum by \(provider\) \(rate\(bifrost_upstream_requests_total\[\d+s\]\)\)$/);
    assert.deepEqual((await last(opened, 'setState'))?.state.tables, ['rate']);
    await opened.page.locator(`${card('rate')} [aria-label="Show as Table"]`).click();
    await opened.page.locator(plot('rate')).waitFor();
    await waitFor('the chart again', async () => (await colouredPixels(opened, 'rate')) > 200);
  });

  test('everything is reached by Tab in reading order, arrows read values', async () => {
    const opened = await open({ savedState: { ...state, isLive: false, providers: ['groq', 'openai'] } });
    const order: string[] = [];
    for (let i = 0; i < 40; i++) {
      await opened.page.keyboard.press('Tab');
      const name = await opened.page.evaluate(() => {
        const active = document.activeElement;
        const chart = active?.closest('[data-chart]')?.getAttribute('data-chart');
        const text = active?.getAttribute('aria-label') ?? active?.textContent ?? '';
        return active === document.body ? 'body' : chart === null || chart === undefined ? text.trim() : `${chart}:${active?.className ?? ''}`;
      });
      if (name === 'body') break;
      order.push(name);
    }
    assert.deepEqual(order.slice(0, 4), ['Remove groq', 'Remove openai', 'Add Provider', 'Last 15\u00a0min']);
    const plots = order.filter((name) => name.endsWith(':plot'));
    assert.deepEqual(plots, ['rate:plot', 'success:plot', 'latency:plot', 'heat:plot', 'tokens:plot', 'errors:plot']);
    assert.ok(order.some((name) => name.startsWith('groq')), 'the legend comes last');
    await opened.page.locator(plot('rate')).focus();
    await opened.page.keyboard.press('ArrowLeft');
    await opened.page.keyboard.press('ArrowLeft');
    const spoken = opened.page.locator(`${card('rate')} [aria-live]`);
    await waitFor('words', async () => /openai [\d.]+.req\/s/.test(await spoken.innerText()));
    await opened.page.keyboard.press('Escape');
    assert.equal(await opened.page.locator('.crosshair:visible').count(), 0);
    assert.match((await opened.page.locator(plot('rate')).getAttribute('aria-label'))!, /^Requests\/s, Last 15.min: groq [\d.]+.req\/s, openai/);
  });

  test('menus: range by keys, Escape gives the focus back', async () => {
    const opened = await open();
    const button = opened.page.locator('.text-button', { hasText: 'Last 15' });
    await button.focus();
    await opened.page.keyboard.press('Enter');
    assert.equal(await opened.page.locator('.menu-item:focus').innerText(), 'Last 15\u00a0min');
    await opened.page.keyboard.press('ArrowDown');
    await opened.page.keyboard.press('Enter');
    assert.deepEqual((await last(opened, 'setState'))?.state.range, { kind: 'last', durationMs: 3_600_000 });
    await opened.page.keyboard.press('Enter');
    await opened.page.locator('.menu').waitFor();
    await opened.page.keyboard.press('Escape');
    assert.equal(await opened.page.locator('.menu').count(), 0);
    await waitFor('the focus', () => opened.page.evaluate(() => document.activeElement?.textContent === 'Last 1\u00a0h'));
  });

  test('a custom range', async () => {
    const opened = await open();
    await opened.send({ type: 'command', command: 'pickRange' });
    await opened.page.locator('.menu-item', { hasText: 'Custom' }).click();
    await opened.page.locator('#range-from').fill('2026-11-21T14:00:00');
    await opened.page.locator('#range-to').fill('2026-11-21T13:00:00');
    await opened.page.locator('.dialog .button', { hasText: 'Apply' }).click();
    assert.match(await opened.page.locator('.field-problem').innerText(), /end must be after/);
    await opened.page.locator('#range-to').fill('2026-11-21T15:00:00');
    await opened.page.locator('.dialog .button', { hasText: 'Apply' }).click();
    const startMs = Date.UTC(2026, 10, 21, 13);
    assert.deepEqual((await last(opened, 'setState'))?.state.range, { kind: 'fixed', startMs, endMs: startMs + 3_600_000 });
  });

  test('a reload restores range, scope, hidden series and tables', async () => {
    const saved: ChartsState = { ...state, range: { kind: 'last', durationMs: 3_600_000 }, providers: ['groq', 'openai'], hidden: ['groq'], tables: ['tokens'], isLive: false };
    const opened = await open({ savedState: saved });
    assert.equal(await opened.page.locator('.range-text').innerText(), 'Last 1\u00a0h');
    assert.deepEqual(await opened.page.locator('.chip-name').allInnerTexts(), ['groq', 'openai']);
    assert.deepEqual(await opened.page.locator('.legend-button').evaluateAll((all) => all.map((one) => one.getAttribute('aria-pressed'))), ['false', 'true']);
    await opened.page.locator(`${card('tokens')} .data-table tbody tr`).first().waitFor();
    assert.match((await last(opened, 'queryRange'))!.params.queries[0]!.expr, /provider=~"groq\|openai"/);
    await opened.page.locator('[aria-label="Remove openai"]').click();
    assert.deepEqual((await last(opened, 'setState'))?.state.providers, ['groq']);
    assert.deepEqual(await opened.state(), (await last(opened, 'setState'))?.state);
    await waitFor('the focus on the neighbour', () => opened.page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Remove groq'));
  });

  test('no telemetry: says so and offers the demo', async () => {
    panel = await harness.open({ isEmpty: true });
    await panel.page.locator('.notice.blank', { hasText: 'No telemetry yet' }).waitFor();
    await panel.page.locator('.button', { hasText: 'Start Demo' }).click();
    assert.equal((await last(panel, 'runAction'))?.action, 'startDemo');
  });

  test('offline without data: the cause and the remedy in place', async () => {
    panel = await harness.open({ connection: 'offline' });
    await panel.page.locator('.notice.blank', { hasText: 'exit code 1' }).waitFor();
    await panel.page.locator('.button', { hasText: 'Restart Collector' }).click();
    assert.equal((await last(panel, 'runAction'))?.action, 'restartCollector');
  });

  test('offline with data: the data stays, dimmed; it comes back by itself', async () => {
    const opened = await open();
    await opened.send({ type: 'status', connection: 'offline', isPaused: false, detail: 'It was killed.' });
    await opened.page.locator('.notice.strip', { hasText: 'It was killed.' }).waitFor();
    assert.equal(await opened.page.locator('.card.is-stale').count(), 6);
    await waitFor('pixels', async () => (await colouredPixels(opened, 'rate')) > 200);
    await opened.send({ type: 'status', connection: 'connected', isPaused: false, detail: '' });
    await waitFor('fresh again', async () => (await opened.page.locator('.card.is-stale, .notice.strip:visible').count()) === 0);
  });

  test('an error stands where the data would be, with a retry', async () => {
    let isBroken = true;
    panel = await harness.open({
      savedState: { ...state, isLive: false },
      answer: (params) => {
        if (isBroken) throw new Error('query needs 60,000,000 samples; the limit is 50,000,000');
        return answerQueries(params, Date.now());
      },
    });
    const message = panel.page.locator(`${card('rate')} .card-message`);
    await message.waitFor();
    assert.match(await message.innerText(), /the limit is 50,000,000/);
    isBroken = false;
    await message.locator('.link-button').click();
    await panel.painted();
    assert.equal(await message.isVisible(), false);
  });

  test('one query fails, the others are shown', async () => {
    const opened = await open({
      savedState: { ...state, isLive: false },
      answer: (params) => {
        const answer = answerQueries(params, Date.now());
        return { ...answer, results: answer.results.map((result) => (result.id.endsWith('.heat') ? { id: result.id, ok: false, error: 'not supported yet' } : result)) };
      },
    });
    await waitFor('the message', async () => (await opened.page.locator(`${card('heat')} .card-message`).innerText()).includes('not supported yet'));
    assert.ok((await colouredPixels(opened, 'latency')) > 200);
  });

  test('a slow first answer shows skeletons, and nothing moves when it comes', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    panel = await harness.open({ answer: (params) => gate.then(() => answerQueries(params, Date.now())) });
    await panel.page.locator(`${card('rate')} .skeleton`).waitFor();
    const boxes = (): Promise<unknown> => panel!.page.locator('.card').evaluateAll((cards) => cards.map((one) => JSON.stringify(one.getBoundingClientRect())));
    await panel.page.locator('.legend-table tbody tr').first().waitFor();
    const before = await boxes();
    release();
    await panel.painted();
    assert.equal(await panel.page.locator('.skeleton:visible').count(), 0);
    assert.deepEqual(await boxes(), before);
  });

  test('one column when narrow, two when wide; nothing is cut', async () => {
    for (const [width, columns] of [[300, 1], [720, 1], [1_280, 2]] as const) {
      const opened = await open({ width, savedState: { ...state, isLive: false } });
      const tops = await opened.page.locator('.card').evaluateAll((cards) => cards.map((one) => one.getBoundingClientRect().left));
      assert.equal(new Set(tops).size, columns, `${String(width)} px`);
      assert.equal(await opened.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${String(width)} px scrolls sideways`);
      await opened.close();
    }
    panel = undefined;
  });
});
