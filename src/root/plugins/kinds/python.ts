import type { Root } from '../../../layers/root.ts';
import type { HostProgram, PluginFile, PluginKind } from '../plugin-kind.ts';

/**
 * An extension module: `NAME.so`, `NAME.abi3.so` or `NAME.cpython-312-x86_64-linux-gnu.so` that defines PyInit_NAME
 * (PEP 3149, PEP 384; Python/dynload_shlib.c). Python opens it with RTLD_NOW unless sys.setdlopenflags says otherwise.
 */
export const python: PluginKind = {
  host: 'Python',
  verb: 'import',
  bindsAtLoad: true,
  given: /^_?Py[A-Z_]/,
  hosts: { named: /^python(3(\.\d+)?[a-z]*)?$/, needs: /^libpython3/, exports: 'Py_BytesMain' },
  claim(file) {
    const named = parseName(file);
    if (named === null) return null;
    const { stem, tag } = named;
    const version = versionOf(tag) ?? versionOfFolder(file.path);
    return {
      choice: `${file.path.slice(0, -file.name.length)}${stem}`,
      isOptional: /\/lib-dynload\//.test(file.path),
      version,
      fits: (host) => fits(version, host),
    };
  },
  ignores(file, host, root) {
    const tag = parseName(file)?.tag ?? '';
    if (!tag.startsWith('cpython-')) return null;
    const own = tagsOf(host, root);
    if (own.length === 0 || own.includes(tag)) return null;
    return `it only looks for names that end in .${own.join('.so, .')}.so, .abi3.so or a bare .so`;
  },
};

interface ModuleName {
  readonly stem: string;
  /** '' for a bare `.so`. */
  readonly tag: string;
}

function parseName({ name, tables }: PluginFile): ModuleName | null {
  const parts = /^([^.]+)(?:\.([^.]+))?\.so$/.exec(name);
  const [, stem = '', tag = ''] = parts ?? [];
  const isModule = tables.entryPoints.some(
    (entry) => entry === `PyInit_${stem}` || entry.startsWith('PyInitU_'),
  );
  return parts !== null && isModule ? { stem, tag } : null;
}

/** `3.12` of `cpython-312-x86_64-linux-gnu`, `3.13t` of a build without the global lock. */
function versionOf(tag: string): string | null {
  const parts = /^cpython-(\d)(\d+)([a-z]*)/.exec(tag);
  // Up to Python 3.7 an `m` stood for the usual allocator.
  return parts === null ? null : `${parts[1]}.${parts[2]}${parts[3] === 'm' ? '' : parts[3]}`;
}

function versionOfFolder(path: string): string | null {
  return /\/python(3\.\d+t?)\//.exec(path)?.[1] ?? null;
}

/** A program whose name and needs show no version may have any. */
function fits(version: string | null, { path, tables }: HostProgram): boolean {
  const own =
    /\/python(3\.\d+[a-z]*)$/.exec(path)?.[1] ??
    tables.needed.map((name) => /^libpython(3\.\d+[a-z]*)\./.exec(name)?.[1]).find(Boolean);
  return version === null || own === undefined || own.replace(/m$/, '') === version;
}

/** The tags of the modules that a Python brings are those that it looks for. */
function tagsOf({ path }: HostProgram, root: Root): readonly string[] {
  const parts = /^(.*)\/bin\/(python3\.\d+[a-z]*)$/.exec(path);
  if (parts === null) return [];
  const names = root.list(`${parts[1]}/lib/${parts[2]}/lib-dynload`);
  const tags = names.map((name) => /\.(cpython-[^.]+)\.so$/.exec(name)?.[1]);
  return [...new Set(tags)].filter((tag) => tag !== undefined);
}
