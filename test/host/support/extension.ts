import * as vscode from 'vscode';
import type { SightlineApi } from '../../../src/extension/extension.ts';
import { until } from './until.ts';

/** The extension under test, activated. */
export async function activateExtension(): Promise<SightlineApi> {
  const extension = vscode.extensions.getExtension<SightlineApi>('sightline.sightline');
  if (!extension) throw new Error('the extension is not there');
  return extension.activate();
}

/** The extension, connected to its collector. Gives up soon where the collector is known not to start. */
export async function connectedExtension(): Promise<SightlineApi> {
  const api = await activateExtension();
  const timeoutMs = api.connection() === 'offline' ? 2000 : 20_000;
  await until('the extension is connected to the collector', () => api.connection() === 'connected', timeoutMs);
  return api;
}
