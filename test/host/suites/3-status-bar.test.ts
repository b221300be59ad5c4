import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { until } from '../support/until.ts';

const ITEM = '.statusbar-item[id^="sightline.sightline"]';

suite('status bar', () => {
  test('shows the worst state and how many are healthy', async () => {
    const api = await runningDemo();
    await until('the item is of the newest snapshot', () => {
      const providers = api.health()?.providers ?? [];
      const healthy = providers.filter(({ state }) => state === 'healthy').length;
      const worst = ['unhealthy', 'offline', 'degraded'].find((state) => providers.some((provider) => provider.state === state));
      const text = api.statusBarText();
      return text.includes(`${healthy}/${providers.length}`) && (worst === undefined ? text.includes('$(pulse)') : text.includes(` ${worst} `));
    });
  });

  test('changes at most once a second', async function () {
    if (!hasDriver) this.skip();
    await runningDemo();
    const changes = await driver.evaluate(
      { selector: ITEM },
      `return new Promise((done) => {
        const times = [];
        const observer = new MutationObserver(() => times.push(performance.now()));
        observer.observe(element, { subtree: true, characterData: true, childList: true, attributes: true, attributeFilter: ['aria-label'] });
        setTimeout(() => { observer.disconnect(); done(times); }, 5000);
      })`,
    );
    assert.ok(Array.isArray(changes));
    const bursts = changes.map(Number).filter((time, index, all) => index === 0 || time - all[index - 1]! > 100);
    assert.ok(bursts.every((time, index) => index === 0 || time - bursts[index - 1]! > 900), bursts.join());
  });

  test('its tooltip is a table, a click opens the charts', async function () {
    if (!hasDriver) this.skip();
    await runningDemo();
    await driver.hover({ selector: ITEM });
    await driver.wait({ selector: '.monaco-hover table' });
    await driver.screenshot('status-bar-tooltip');
    await driver.click({ selector: `${ITEM} a` });
    await until('a Charts tab is open', () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.startsWith('Charts'))));
  });
});
