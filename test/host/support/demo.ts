import * as vscode from 'vscode';
import type { SightlineApi } from '../../../src/extension/extension.ts';
import type { TreeNode } from '../../../src/extension/tree-node.ts';
import { connectedExtension } from './extension.ts';
import { until } from './until.ts';

/** The demo's rows of providers that have traffic. */
export const busyProviders = (api: SightlineApi): readonly TreeNode[] => {
  const names = new Set(api.health()?.providers.filter(({ requestsPerSecond }) => (requestsPerSecond ?? 0) > 0).map(({ name }) => name));
  return (api.healthRows().find(({ id }) => id === 'providers')?.children ?? []).filter(({ label }) => names.has(label));
};

/** The suites are separate bundles: what they share lies with the process. */
const shared = globalThis as typeof globalThis & { sightlineDemo?: Promise<SightlineApi> };

/** The extension with the demo running and its four providers in the Health view. Started by the first suite that asks. */
export function runningDemo(): Promise<SightlineApi> {
  shared.sightlineDemo ??= (async () => {
    const api = await connectedExtension();
    await vscode.commands.executeCommand('sightline.startDemo');
    await until('four providers have traffic', () => busyProviders(api).length >= 4, 60_000);
    return api;
  })();
  return shared.sightlineDemo;
}
