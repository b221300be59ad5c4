/** What the page of a webview is made of. URIs as `webview.asWebviewUri` gives them. */
export interface WebviewHtmlOptions {
  readonly title: string;
  /** BCP 47 tag of the page's language. */
  readonly language: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** `webview.cspSource`: where styles and fonts may come from. */
  readonly cspSource: string;
  /** Random for each page, see {@link createNonce}. */
  readonly nonce: string;
  /** Words for screen readers and for the moment before the script runs. */
  readonly loadingText: string;
}

/**
 * The HTML of a webview panel. Only the one script with the nonce runs; styles and fonts come from the extension's own
 * folder only; nothing else is loaded, and inline styles are refused.
 */
export function webviewHtml(options: WebviewHtmlOptions): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${options.nonce}'`,
    `style-src ${options.cspSource}`,
    `font-src ${options.cspSource}`,
    `img-src ${options.cspSource}`,
  ].join('; ');
  const text = escapeHtml;
  return `<!DOCTYPE html>
<html lang="${text(options.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${text(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(options.title)}</title>
<link rel="stylesheet" href="${text(options.styleUri)}">
</head>
<body>
<div id="root" aria-busy="true"><p class="visually-hidden">${text(options.loadingText)}</p></div>
<script nonce="${text(options.nonce)}" src="${text(options.scriptUri)}"></script>
</body>
</html>
`;
}

/** 128 random bits in hex, from the platform's cryptographic generator. */
export function createNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function escapeHtml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
