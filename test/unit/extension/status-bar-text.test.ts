import assert from 'node:assert/strict';
import { statusBarText, type StatusBarInput } from '../../../src/extension/status-bar-text.ts';
import { provider, service, snapshot } from './health-cases.ts';

const input = (changes: Partial<StatusBarInput>): StatusBarInput => ({ connection: 'connected', isPaused: false, detail: '', health: undefined, ...changes });
const text = (changes: Partial<StatusBarInput>): string => statusBarText(input(changes)).text.replaceAll('\u202f', ' ').replaceAll('\u2007', '');

suite('status bar text', () => {
  test('says the one thing that matters most', () => {
    const healthy = snapshot({ providers: [provider('a'), provider('b'), provider('c', { state: 'unknown' })], p95: 0.82 });
    const degraded = snapshot({ providers: [provider('openai'), provider('groq', { state: 'degraded' })], p95: 0.82 });
    const unhealthy = snapshot({ providers: [provider('groq', { state: 'degraded' }), provider('azure', { state: 'unhealthy' })] });
    const cases: [Partial<StatusBarInput>, string][] = [
      [{ connection: 'connecting' }, '$(loading~spin) Sightline'],
      [{}, '$(pulse) Sightline'],
      [{ health: snapshot({}) }, '$(pulse) Sightline'],
      [{ health: healthy }, '$(pulse) 2/3 · p95 820 ms'],
      [{ health: degraded }, '$(warning) groq degraded · 1/2'],
      [{ health: unhealthy }, '$(error) azure unhealthy · 0/2'],
      [{ health: snapshot({ services: [service('gateway')] }) }, '$(pulse) 1/1'],
      [{ health: degraded, isPaused: true }, '$(debug-pause) Sightline paused'],
      // Reconnecting keeps what is known: nothing jumps for a crash of a second.
      [{ health: degraded, connection: 'connecting' }, '$(warning) groq degraded · 1/2'],
      [{ health: degraded, connection: 'stopped' }, '$(debug-disconnect) Sightline off'],
      [{ health: degraded, connection: 'offline', detail: 'it ended at once' }, '$(debug-disconnect) Sightline off'],
    ];
    assert.deepEqual(cases.map(([changes]) => text(changes)), cases.map(([, expected]) => expected));
  });

  test('keeps its width while the latency changes', () => {
    const widths = [0.009, 0.082, 0.82, 1.93].map((p95) => statusBarText(input({ health: snapshot({ providers: [provider('a')], p95 }) })).text.length);
    assert.equal(new Set(widths).size, 1, widths.join());
  });

  test('the tooltip is a table of the worst first, with links', () => {
    const { tooltip, spoken } = statusBarText(input({ health: snapshot({ providers: [provider('openai'), provider('groq', { state: 'unhealthy', successRatio: 0.5 })] }) }));
    const lines = tooltip.replaceAll('\u202f', ' ').split('\n');
    assert.deepEqual(lines.slice(0, 4), ['| | state | rate | success | p95 |', '|:--|:--|--:|--:|--:|', '| $(error) groq | unhealthy | 31 req/s | 50 % | 640 ms |', '| $(pass) openai | healthy | 31 req/s | 99.9 % | 640 ms |']);
    assert.match(tooltip, /\[Charts\]\(command:sightline\.openCharts\).*\[Pause\]\(command:sightline\.pauseCollection\)/);
    assert.equal(spoken, 'Sightline: groq unhealthy, 1 of 2 healthy');
  });
});
