import type { IncomingHttpHeaders } from 'node:http';
import { refuse, type Refusal } from '../receive-errors.ts';

/**
 * Keeps web pages from talking to a loopback port (CSRF, DNS rebinding): the Host must name this machine or the bound address,
 * and an Origin, which only browsers send, must be of this machine or a VS Code webview. Returns why not, or undefined.
 */
export function checkCaller(headers: IncomingHttpHeaders, boundAddress: string): Refusal | undefined {
  const { host, origin } = headers;
  if (host !== undefined) {
    const name = hostName(host);
    if (!isLoopbackName(name) && name !== boundAddress.toLowerCase()) return refuse('forbidden_host', printable(host));
  }
  if (origin !== undefined && !isAllowedOrigin(origin)) return refuse('forbidden_origin', printable(origin));
  return undefined;
}

/** Is the name one that always means this machine? */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

function isAllowedOrigin(origin: string): boolean {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)$/i.exec(origin);
  if (!match) return false;
  const scheme = match[1]!.toLowerCase();
  if (scheme === 'vscode-webview') return true;
  return (scheme === 'http' || scheme === 'https') && isLoopbackName(hostName(match[2]!));
}

/** The name in `name:port` or `[v6]:port`. */
function hostName(host: string): string {
  const match = /^\[([^\]]*)\](?::\d+)?$/.exec(host) ?? /^([^:]*)(?::\d*)?$/.exec(host);
  return (match?.[1] ?? host).toLowerCase();
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
