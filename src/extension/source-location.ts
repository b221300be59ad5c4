import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * The files that `path` of a span or log may mean, the likeliest first: itself when it lies in one of `folders`, else its
 * tail under each folder, the longest first, since a container's `/app/src/a.ts` is `src/a.ts` here. None is outside of
 * the folders. Accepts `file:` URLs.
 */
export function sourceCandidates(path: string, folders: readonly string[]): string[] {
  const plain = path.startsWith('file://') ? decode(path.slice('file://'.length)) : path;
  const candidates: string[] = [];
  const add = (folder: string, file: string): void => {
    if (isInside(folder, file) && !candidates.includes(file)) candidates.push(file);
  };
  if (isAbsolute(plain)) for (const folder of folders) add(folder, resolve(plain));
  const parts = plain.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return candidates;
  for (let skip = 0; skip < parts.length; skip++) for (const folder of folders) add(folder, resolve(folder, ...parts.slice(skip)));
  return candidates;
}

/** Whether `file` is below `folder`; both absolute. */
export function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
