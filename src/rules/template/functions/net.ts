import { isIP } from 'node:net';
import { ofStrings, type TemplateFunctions } from '../template-function.ts';

/** Functions of addresses and links; `externalUrl` is where users reach the collector's API. */
export function netFunctions(externalUrl: string): TemplateFunctions {
  return {
    stripPort: ofStrings(1, (address) => splitHostPort(address)?.host ?? address),
    stripDomain: ofStrings(1, stripDomain),
    graphLink: ofStrings(1, (expr) => `/graph?g0.expr=${queryEscape(expr)}&g0.tab=0`),
    tableLink: ofStrings(1, (expr) => `/graph?g0.expr=${queryEscape(expr)}&g0.tab=1`),
    pathPrefix: { parameters: [], call: () => URL.parse(externalUrl)?.pathname.replace(/^\/$/, '') ?? '' },
    externalURL: { parameters: [], call: () => externalUrl },
  };
}

/** Go's url.QueryEscape. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%20', '+');
}

/** Go's net.SplitHostPort; undefined when there is no port or the brackets are wrong. */
function splitHostPort(address: string): { readonly host: string; readonly port: string } | undefined {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(address);
  return match ? { host: match[1] ?? match[2] ?? '', port: match[3] ?? '' } : undefined;
}

function stripDomain(address: string): string {
  const split = splitHostPort(address);
  const host = split?.host ?? address;
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return address;
  const short = host.split('.', 1)[0] ?? '';
  return split && split.port !== '' ? `${short}:${split.port}` : short;
}
