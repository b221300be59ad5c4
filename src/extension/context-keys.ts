import * as vscode from 'vscode';

interface ContextKeys {
  'sightline.connection': 'connecting' | 'connected' | 'offline' | 'stopped';
  'sightline.isPaused': boolean;
  'sightline.isDemoRunning': boolean;
}

const known = new Map<keyof ContextKeys, unknown>();

/** Sets a context key for `when` clauses; does nothing when it has that value already. */
export function setContextKey<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}
