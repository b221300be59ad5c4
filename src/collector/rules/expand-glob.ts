import { readdir, stat } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';

/** The files that an absolute pattern names, sorted (Go's filepath.Glob: `*`, `?` and `[a-z]` within a name). A name without these is itself, when it is there. */
export async function expandGlob(pattern: string): Promise<readonly string[]> {
  if (!/[*?[]/.test(pattern)) return (await exists(pattern)) ? [pattern] : [];
  const { root } = parse(pattern);
  let found: readonly string[] = [root === '' ? '.' : root];
  for (const part of pattern.slice(root.length).split(sep)) {
    if (!/[*?[]/.test(part)) {
      found = found.map((folder) => join(folder, part));
      continue;
    }
    const matcher = new RegExp(`^${part.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
    const lists = await Promise.all(found.map(async (folder) => (await namesIn(folder)).filter((name) => matcher.test(name)).map((name) => join(folder, name))));
    found = lists.flat();
  }
  const checked = await Promise.all(found.map(async (file) => ((await exists(file)) ? [file] : [])));
  return checked.flat();
}


async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    // As Go: what cannot be listed matches nothing.
    return [];
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}
