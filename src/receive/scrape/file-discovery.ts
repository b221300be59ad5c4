import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import { parseYamlFile, type TextProblem } from '../../base/yaml-reader.ts';
import { readTargetGroup } from './read-targets.ts';
import type { FileDiscovery, TargetGroup } from './scrape-config.ts';

/** A problem with a discovery file. */
export interface FileDiscoveryProblem extends TextProblem {
  readonly file: string;
}

/** How often files are looked at for changes, at most. */
const POLL_MS = 5000;

/** Keeps the target groups of a file_sd_config up to date; JSON is read as the YAML that it is, once it is whole. A file that breaks keeps its last groups. */
export class FileDiscoverer implements Disposable {
  readonly #config: FileDiscovery;
  readonly #onChange: () => void;
  readonly #groupsByFile = new Map<string, { readonly text: string; readonly groups: readonly TargetGroup[] }>();
  readonly #problems = new Map<string, readonly FileDiscoveryProblem[]>();
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(config: FileDiscovery, onChange: () => void) {
    this.#config = config;
    this.#onChange = onChange;
    void this.#poll();
  }

  get groups(): readonly TargetGroup[] {
    return Array.from(this.#groupsByFile.values()).flatMap(({ groups }) => groups);
  }

  get problems(): readonly FileDiscoveryProblem[] {
    return Array.from(this.#problems.values()).flat();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  async #poll(): Promise<void> {
    let hasChanged = false;
    const files = (await Promise.all(this.#config.files.map(expandFiles))).flat();
    for (const file of files) hasChanged = (await this.#readFile(file)) || hasChanged;
    for (const file of [...this.#groupsByFile.keys()]) {
      if (files.includes(file)) continue;
      this.#groupsByFile.delete(file);
      this.#problems.delete(file);
      hasChanged = true;
    }
    if (this.#isDisposed) return;
    if (hasChanged) this.#onChange();
    this.#timer = setTimeout(() => void this.#poll(), Math.min(this.#config.refreshIntervalMs, POLL_MS));
    this.#timer.unref();
  }

  /** Resolves to whether the file's groups are others now. */
  async #readFile(file: string): Promise<boolean> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      this.#problems.set(file, [problemAtStart(file, error instanceof Error ? error.message : String(error))]);
      return false;
    }
    if (this.#groupsByFile.get(file)?.text === text) return false;
    const broken = path.extname(file).toLowerCase() === '.json' ? jsonProblem(text) : undefined;
    if (broken !== undefined) {
      this.#problems.set(file, [problemAtStart(file, broken)]);
      return false;
    }
    const { root, problems } = parseYamlFile(text);
    const groups = (root?.list('[]*targetgroup.Group') ?? []).map((node) => readTargetGroup(node, false));
    this.#problems.set(file, problems.map((problem) => ({ ...problem, file })));
    if (problems.some(({ severity }) => severity === 'error')) return false;
    const located = groups.map((group) => ({ ...group, labels: { ...group.labels, __meta_filepath: file } }));
    this.#groupsByFile.set(file, { text, groups: located });
    return true;
  }
}

/** The files that a path stands for; only its last part may have a `*`. */
async function expandFiles(pattern: string): Promise<readonly string[]> {
  if (!pattern.includes('*')) return [pattern];
  const folder = path.dirname(pattern);
  const [before = '', after = ''] = path.basename(pattern).split('*');
  try {
    const names = await readdir(folder);
    const matching = names.filter((name) => name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after));
    return matching.sort().map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** A file that is just being written is often empty or cut, which YAML would take for fewer targets. */
function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function problemAtStart(file: string, message: string): FileDiscoveryProblem {
  return { file, severity: 'error', message, startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
}
