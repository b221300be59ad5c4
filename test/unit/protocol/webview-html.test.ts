import assert from 'node:assert/strict';
import { createNonce, webviewHtml } from '../../../src/protocol/webview-html.ts';

const options = { title: 'A <b> & "c"', language: 'en', scriptUri: 'https://x/a.js', styleUri: 'https://x/a.css', cspSource: 'https://x', nonce: 'abc', loadingText: 'Loading' };

suite('the page of a webview', () => {
  test('only the script with the nonce runs, and nothing inline', () => {
    const html = webviewHtml(options);
    const policy = /content="([^"]+)"/.exec(html)?.[1];
    assert.equal(policy, "default-src 'none'; script-src 'nonce-abc'; style-src https://x; font-src https://x; img-src https://x");
    assert.equal(/unsafe/.test(html), false);
    assert.equal(/style="/.test(html), false);
    assert.equal(html.match(/<script/g)?.length, 1);
  });

  test('what is put in stays text', () => {
    assert.match(webviewHtml(options), /<title>A &lt;b&gt; &amp; &quot;c&quot;<\/title>/);
  });

  test('a nonce is 128 bits and never the same', () => {
    const nonces = new Set(Array.from({ length: 100 }, createNonce));
    assert.equal(nonces.size, 100);
    for (const nonce of nonces) assert.match(nonce, /^[\da-f]{32}$/);
  });
});
