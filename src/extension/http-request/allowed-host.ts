import { lookup } from 'node:dns/promises';
import * as vscode from 'vscode';
import { isPrivateHost } from './private-host.ts';

/** Throws unless `url` is http or https and its host is private, or the user allows that host. */
export async function assertAllowedHost(url: string, what: string): Promise<void> {
  const { protocol, hostname } = parseUrl(url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`${url} is neither http nor https`);
  if (await isPrivateHost(hostname, async (name) => (await lookup(name, { all: true })).map(({ address }) => address))) return;
  const send = `Send to ${hostname}`;
  const choice = await vscode.window.showWarningMessage(`${hostname} is not on this machine or a private network. Send ${what} there?`, { modal: true, detail: url }, send);
  if (choice !== send) throw new vscode.CancellationError();
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new Error(`"${text}" is not a URL: it must begin with http:// or https://`);
  }
}
