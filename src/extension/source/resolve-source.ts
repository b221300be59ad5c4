import { findDeclaration, simpleName } from './find-declaration.ts';
import { inlineSourceMap, originalPosition, sourceMapUrl } from './original-position.ts';
import { isForeign, longestSuffixMatch, mappedPaths, normalPath, type PathMappings } from './source-paths.ts';
import type { SourceReference } from './source-reference.ts';

/** A place in a file of the workspace. Line and column from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How it was found; all but `path` and `mapping` may err. */
  readonly how: 'path' | 'mapping' | 'suffix' | 'source map' | 'function';
}

/** The workspace as far as the resolver needs it. Paths have slashes only. Nothing outside of the folders is ever told. */
export interface SourceEnvironment {
  readonly folders: readonly string[];
  readonly mappings: PathMappings;
  /** Whether it is a file inside the folders, also after links are followed. */
  exists(path: string): Promise<boolean>;
  /** Files inside the folders with that base name. */
  filesNamed(name: string): Promise<readonly string[]>;
  /** A file's text; undefined when it is gone or too large. */
  readText(path: string): Promise<string | undefined>;
  /** Where a function of that simple name is declared. */
  findFunction(name: string): Promise<{ readonly file: string; readonly line: number } | undefined>;
}

/**
 * The place in the workspace that `reference` means: the path itself, a mapped path, else the file whose end agrees longest with
 * it (a container's `/app/src/a.ts` is `src/a.ts` here); through a source map where the file has one; else by the function's name.
 */
export async function resolveSource(reference: SourceReference, environment: SourceEnvironment): Promise<SourcePlace | undefined> {
  const found = reference.file === undefined ? undefined : await findFile(normalPath(reference.file), environment);
  const name = simpleName(reference.functionName ?? '');
  if (!found) {
    const isForeignFile = reference.file !== undefined && isForeign(normalPath(reference.file));
    const declared = name === '' || isForeignFile ? undefined : await environment.findFunction(name);
    return declared && { ...declared, column: 1, how: 'function' };
  }
  if (reference.line === undefined) {
    const text = name === '' ? undefined : await environment.readText(found.file);
    return { ...found, line: findDeclaration(text ?? '', name) ?? 1, column: 1 };
  }
  const original = await followSourceMap(found.file, reference.line, reference.column ?? 0, environment);
  return original ?? { ...found, line: reference.line, column: reference.column ?? 1 };
}

async function findFile(path: string, environment: SourceEnvironment): Promise<Pick<SourcePlace, 'file' | 'how'> | undefined> {
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:\//.test(path);
  for (const candidate of mappedPaths(path, environment.mappings)) {
    for (const file of absolute(candidate, environment.folders)) if (await environment.exists(file)) return { file, how: 'mapping' };
  }
  for (const file of isAbsolute ? [path] : absolute(path, environment.folders)) if (await environment.exists(file)) return { file, how: 'path' };
  const name = path.split('/').at(-1) ?? '';
  const match = name === '' ? undefined : longestSuffixMatch(path, await environment.filesNamed(name));
  return match === undefined ? undefined : { file: match, how: 'suffix' };
}

/** A relative path below each folder; an absolute one as it is. `${workspaceFolder}` stands for each folder. */
function absolute(path: string, folders: readonly string[]): readonly string[] {
  if (path.startsWith('/') || /^[A-Za-z]:\//.test(path)) return [path];
  const rest = path.replace(/^\$\{workspaceFolder\}\/?/, '').replace(/^(?:\.\/)+/, '');
  return folders.map((folder) => join(folder, rest));
}

async function followSourceMap(file: string, line: number, column: number, environment: SourceEnvironment): Promise<SourcePlace | undefined> {
  if (!/\.[cm]?jsx?$/.test(file)) return undefined;
  const url = sourceMapUrl((await environment.readText(file)) ?? '');
  if (url === undefined) return undefined;
  const mapFile = join(file, '..', decodeURI(url));
  const json = inlineSourceMap(url) ?? (/^[a-z]+:/i.test(url) || !(await environment.exists(mapFile)) ? undefined : await environment.readText(mapFile));
  const original = json === undefined ? undefined : originalPosition(json, line, column);
  if (!original) return undefined;
  const source = normalPath(original.file);
  const near = source.startsWith('/') ? source : join(inlineSourceMap(url) === undefined ? mapFile : file, '..', source);
  if (await environment.exists(near)) return { ...original, file: near, how: 'source map' };
  const found = await findFile(source.replace(/^(?:\.\.?\/)+/, ''), environment);
  return found && { ...original, file: found.file, how: 'source map' };
}

/** Joins paths with slashes and takes out `.` and `..`. */
function join(...parts: readonly string[]): string {
  const out: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '..') out.pop();
    else if (part !== '.' && (part !== '' || out.length === 0)) out.push(part);
  }
  return out.join('/');
}
