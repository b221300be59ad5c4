import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import * as vscode from 'vscode';
import { busyProviders, runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { connectedExtension } from '../support/extension.ts';
import { queryValue } from '../support/query.ts';
import { until } from '../support/until.ts';

/** Hundreds of scraped samples that the collector had at a moment before the crash. */
const COUNT = 'sum(count_over_time(bifrost_upstream_latency_seconds_bucket[1m])) + sum(count_over_time(http_request_duration_seconds_bucket[1m]))';

suite('the collector', () => {
  test('comes back after SIGKILL with its data intact', async function () {
    this.timeout(120_000);
    const api = await runningDemo();
    const before = api.status();
    assert.ok(before);
    // Scrapes and pushes of that time have all been acknowledged.
    let timeSeconds = 0;
    const count = await until('there is something to lose', async () => {
      timeSeconds = Date.now() / 1000 - 5;
      const value = await queryValue(before.endpoints.api, COUNT, timeSeconds);
      return value !== undefined && value > 100 && value;
    });
    process.kill(before.pid, 'SIGKILL');
    const after = await until('another collector answers', () => {
      const status = api.status();
      return api.connection() === 'connected' && status !== undefined && status.pid !== before.pid && status;
    });
    assert.deepEqual(after.endpoints, before.endpoints);
    assert.equal(await queryValue(after.endpoints.api, COUNT, timeSeconds), count);
    await until('the demo is seen again', () => busyProviders(api).length >= 4 && (api.health()?.atMs ?? 0) > Date.now() - 10_000, 60_000);
  });

  test('pauses and resumes', async () => {
    const api = await connectedExtension();
    await vscode.commands.executeCommand('sightline.pauseCollection');
    await until('it is paused', () => api.status()?.isPaused === true);
    await until('the status bar says so', () => api.statusBarText().includes('paused'));
    await vscode.commands.executeCommand('sightline.resumeCollection');
    await until('it is not paused', () => api.status()?.isPaused === false);
  });

  test('stays away when it was stopped, and comes when it is started', async () => {
    const api = await connectedExtension();
    const pid = api.status()?.pid;
    await vscode.commands.executeCommand('sightline.stopCollector');
    await until('the status bar says that it is off', () => api.connection() === 'stopped' && api.statusBarText() === '$(debug-disconnect) Sightline off');
    await vscode.commands.executeCommand('sightline.startCollector');
    await until('another one answers', () => api.connection() === 'connected' && api.status()?.pid !== pid);
  });

  test('says who holds a port that it wanted, and uses the next free one', async () => {
    const api = await connectedExtension();
    const wanted = api.status()?.endpoints.otlpHttp ?? '';
    await vscode.commands.executeCommand('sightline.stopCollector');
    await until('it is stopped', () => api.connection() === 'stopped');
    // It refuses the demo, which goes on pushing.
    const thief = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => thief.listen(Number(wanted.split(':')[1]), '127.0.0.1', resolve));
    try {
      await vscode.commands.executeCommand('sightline.startCollector');
      await until('it is connected', () => api.connection() === 'connected');
      const conflict = api.status()?.conflicts.find((one) => one.wanted === wanted);
      assert.ok(conflict);
      assert.equal(conflict.used, api.status()?.endpoints.otlpHttp);
      assert.match(conflict.owner, new RegExp(`pid ${process.pid}`));
      if (hasDriver) {
        await vscode.commands.executeCommand('notifications.showList');
        await driver.wait({ selector: `.notifications-center :text("${wanted} (OTLP over HTTP) is held by")` });
        await driver.screenshot('port-conflict');
        await vscode.commands.executeCommand('notifications.clearAll');
      }
    } finally {
      await new Promise((resolve) => thief.close(resolve));
    }
    await vscode.commands.executeCommand('sightline.restartCollector');
    await until('it has its port again', () => api.connection() === 'connected' && api.status()?.endpoints.otlpHttp === wanted);
  });

  test('gives its endpoints to the clipboard', async () => {
    const api = await connectedExtension();
    await vscode.commands.executeCommand('sightline.copyOtlpEndpoint');
    assert.equal(await vscode.env.clipboard.readText(), `http://${api.status()?.endpoints.otlpHttp ?? ''}`);
    await vscode.commands.executeCommand('sightline.copyApiEndpoint');
    assert.equal(await vscode.env.clipboard.readText(), `http://${api.status()?.endpoints.api ?? ''}`);
  });
});
