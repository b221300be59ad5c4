/** The files at the root of a folder that may name the service which is developed there; undefined where there is none. */
export interface ServiceFiles {
  readonly packageJson?: string | undefined;
  readonly goMod?: string | undefined;
  readonly pyproject?: string | undefined;
}

/** The names of the files of {@link ServiceFiles}. */
export const SERVICE_FILE_NAMES = { packageJson: 'package.json', goMod: 'go.mod', pyproject: 'pyproject.toml' } as const;

/** The service name of a workspace folder: what its package, module or project is called, else the folder's own name. */
export function serviceNameOf(files: ServiceFiles, folderName: string): string {
  return parsePackageName(files.packageJson) ?? parseGoModule(files.goMod) ?? parsePyprojectName(files.pyproject) ?? folderName;
}

function parsePackageName(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' ? nonEmpty(value.name) : undefined;
  } catch {
    return undefined;
  }
}

/** The last part of the module's path, without a major version suffix: `example.com/shop/cart/v2` is `cart`. */
function parseGoModule(text: string | undefined): string | undefined {
  const path = /^\s*module\s+["`]?([^\s"`/][^\s"`]*)/m.exec(text ?? '')?.[1] ?? '';
  const parts = path.split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  return nonEmpty(/^v[0-9]+$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? '') : last);
}

/** `name` of `[project]` (PEP 621), else of `[tool.poetry]`. Only the lines needed are read; this is no TOML parser. */
function parsePyprojectName(text: string | undefined): string | undefined {
  const names = new Map<string, string>();
  let table = '';
  for (const line of (text ?? '').split(/\r?\n/)) {
    const header = /^\s*\[\s*([^[\]]+?)\s*\]\s*(?:#.*)?$/.exec(line);
    if (header) table = header[1]!;
    const name = /^\s*name\s*=\s*(?:"([^"\\]*)"|'([^']*)')/.exec(line);
    if (name && !names.has(table)) names.set(table, name[1] ?? name[2] ?? '');
  }
  return nonEmpty(names.get('project') ?? names.get('tool.poetry') ?? '');
}

const nonEmpty = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
