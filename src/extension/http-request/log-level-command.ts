import * as vscode from 'vscode';
import type { HealthSnapshot } from '../../protocol/health.ts';
import { assertAllowedHost } from './allowed-host.ts';
import { serviceOrigins } from './service-origins.ts';
import { sendRequest, type ReceivedResponse } from './send-request.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];
const TIMEOUT_MS = 10_000;

/**
 * Sets a service's log level: `PUT {service}/admin/log-level` with `{"level": …}`. `origin` and `level` are asked for where they are missing.
 * A bearer token is asked for when the service wants one, and kept in VS Code's secret storage.
 */
export async function setLogLevel(health: HealthSnapshot | undefined, secrets: vscode.SecretStorage, origin?: string, level?: string): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) throw new Error('requests are sent from trusted workspaces only');
  const service = origin ?? (await pickService(health));
  if (service === undefined) return undefined;
  const wanted = level ?? (await vscode.window.showQuickPick(LEVELS, { title: `Log Level of ${service}` }));
  if (wanted === undefined) return undefined;
  const url = `${service}/admin/log-level`;
  await assertAllowedHost(url, 'the log level');
  const key = `adminToken:${service}`;
  let token = await secrets.get(key);
  let response = await put(url, wanted, token);
  if (response.status === 401 || response.status === 403) {
    token = await vscode.window.showInputBox({ title: `Token for ${service}`, prompt: `It answered ${response.status}${token === undefined ? '' : ' to the token that was kept'}. The token goes into VS Code's secret storage.`, password: true, ignoreFocusOut: true });
    if (token === undefined || token === '') return undefined;
    response = await put(url, wanted, token);
    if (response.status < 300) await secrets.store(key, token);
    else await secrets.delete(key);
  }
  if (response.status >= 300) throw new Error(`PUT ${url} answered ${response.status}: ${new TextDecoder().decode(response.body).slice(0, 200)}`);
  vscode.window.setStatusBarMessage(`$(check) ${service} logs at ${wanted}`, 5000);
  return wanted;
}

function put(url: string, level: string, token: string | undefined): Promise<ReceivedResponse> {
  const headers = [['Content-Type', 'application/json'] as const, ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const])];
  return sendRequest({ method: 'PUT', url, headers, body: JSON.stringify({ level }) }, AbortSignal.timeout(TIMEOUT_MS));
}

async function pickService(health: HealthSnapshot | undefined): Promise<string | undefined> {
  const services = serviceOrigins(health?.targets ?? []);
  if (services.length === 0) throw new Error('no service is known: name one in prometheus.yml');
  const items = services.map(({ origin, job, isUp }) => ({ label: job, description: origin, ...(isUp ? {} : { detail: 'does not answer now' }), origin }));
  return (await vscode.window.showQuickPick(items, { title: 'Set Log Level', placeHolder: 'The service; it must answer PUT /admin/log-level' }))?.origin;
}
