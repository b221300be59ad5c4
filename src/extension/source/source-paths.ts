/** From where a program sees its sources to where they lie here; both are folders, slashes only. The target may be relative to a workspace folder. */
export type PathMappings = Readonly<Record<string, string>>;

/** A reported path with slashes only: of a `file:` URL, of a bundler's URL (`webpack://name/./src/a.ts?1f2e`), of Windows. */
export function normalPath(reported: string): string {
  let path = reported.trim().replaceAll('\\', '/');
  const url = /^([a-z][a-z0-9+.-]+):\/\/+/i.exec(path);
  if (url) {
    path = decode(path);
    if (url[1]!.toLowerCase() === 'file') path = path.replace(/^file:\/\/(?:localhost)?/i, '').replace(/^\/(?=[A-Za-z]:\/)/, '');
    else path = path.replace(/^[a-z][a-z0-9+.-]+:\/\/[^/]*\//i, '').replace(/^\.\//, '').replace(/[?#].*$/, '');
  }
  return path;
}

/** Where `path` may lie by the mappings, the longest prefix first. */
export function mappedPaths(path: string, mappings: PathMappings): readonly string[] {
  return Object.entries(mappings)
    .map(([from, to]) => [from.replaceAll('\\', '/').replace(/\/+$/, ''), to.replaceAll('\\', '/').replace(/\/+$/, '')] as const)
    .filter(([from]) => path === from || path.startsWith(`${from}/`))
    .sort(([a], [b]) => b.length - a.length)
    .map(([from, to]) => `${to}${path.slice(from.length)}`);
}

/** Folders of code that is not the workspace's own: what follows must match whole. */
const LIBRARY = /\/(?:node_modules|site-packages|dist-packages|pkg\/mod|vendor)\//;
/** Sources of the runtimes themselves. */
const RUNTIME = /(?:^node:|^\/usr\/(?:local\/)?(?:lib\/python|go\/src)|\/lib\/python[0-9.]+\/(?!site-packages|dist-packages))/;

/** Whether a path is of a library or of a language's runtime. */
export const isForeign = (path: string): boolean => LIBRARY.test(path) || RUNTIME.test(path);

/**
 * The one of `files` that shares most of its end with `path`, by whole parts; undefined when two share as much, or when
 * `path` is a library's and the file is not that library's. All have slashes only.
 */
export function longestSuffixMatch(path: string, files: readonly string[]): string | undefined {
  if (RUNTIME.test(path)) return undefined;
  const library = LIBRARY.exec(path);
  const wanted = path.split('/').reverse();
  const least = library ? path.slice(library.index).split('/').length - 1 : 1;
  const scored = files.map((file) => ({ file, score: sharedParts(wanted, file.split('/').reverse()) })).filter(({ score }) => score >= least);
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const winners = scored.filter(({ score }) => score === best);
  return winners.length === 1 ? winners[0]?.file : undefined;
}

function sharedParts(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
