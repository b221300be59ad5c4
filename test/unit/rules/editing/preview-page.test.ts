import assert from 'node:assert/strict';
import { previewPage, type PreviewData } from '../../../../src/extension/rules/preview-page.ts';

const DATA: PreviewData = {
  title: 'Down', expr: 'up < 1', isAlert: true, threshold: 1, startMs: 0, endMs: 60_000, stepMs: 15_000, error: undefined,
  series: [{ labels: { __name__: 'up', job: '<a>' }, values: [1, null, 0, 0, 1] }],
  histories: [{ labels: { job: '<a>' }, phases: [{ state: 'pending', startMs: 15_000, endMs: 30_000 }, { state: 'firing', startMs: 30_000, endMs: 60_000 }] }],
};

suite('preview of a rule', () => {
  test('draws the line with its gap, the threshold and the states', () => {
    const page = previewPage(DATA, 'abc', 'en');
    assert.match(page, /d="M0\.0 4\.0h\.5M450\.0 256\.0h\.5L675\.0 256\.0L900\.0 4\.0"/);
    assert.match(page, /class="threshold"[^>]*y1="4\.0"/);
    assert.match(page, /class="firing" x="450\.0" y="0" width="450\.0"/);
    assert.match(page, /Would have fired once, longest 30.s in the last 60.s|Would have fired once, longest 30.s in the last 1.min/);
  });

  test('takes nothing from the data for markup, and runs no script', () => {
    const page = previewPage({ ...DATA, title: '<script>', expr: '"</pre><img>' }, 'abc', 'en');
    assert.doesNotMatch(page, /<script|<img|<a>/);
    assert.match(page, /default-src 'none'; style-src 'nonce-abc'/);
  });

  test('says why there is nothing to see', () => {
    assert.match(previewPage({ ...DATA, error: 'a < b' }, 'abc', 'en'), /role="alert">a &lt; b</);
    assert.match(previewPage({ ...DATA, series: [] }, 'abc', 'en'), /has had no value/);
  });
});
