import { pythonName } from '../base/python-name.ts';
import type { TargetReport } from '../report/report.ts';

/** A wheel, called by the name and version of its metadata. */
export function isWheel({
  kind,
  scheme,
  namedBy,
}: Pick<TargetReport, 'kind' | 'scheme' | 'namedBy'>): boolean {
  return kind === 'package' && scheme === 'zip' && namedBy === 'content';
}

/**
 * The name of a wheel or egg, or of a folder of one, as build tools write it now (`ruamel_yaml_clib-0.2.8.dist-info`), with each
 * tag of a platform once but for its numbers. Other names stay as they are.
 */
export function steadyPythonName(name: string): string {
  const [, libraries] = /^([a-z0-9][\w.-]*)\.libs$/i.exec(name) ?? [];
  if (libraries !== undefined) return `${fileName(libraries)}.libs`;
  const ending = /\.(?:whl|egg|dist-info|egg-info|data)!?$/.exec(name);
  const at = ending === null ? -1 : name.search(/-\d/);
  if (at <= 0 || !/^[a-z0-9][\w.-]*$/i.test(name.slice(0, at))) return name;
  const rest = name.slice(at);
  return `${fileName(name.slice(0, at))}${ending?.[0].startsWith('.whl') ? withTagsOnce(rest) : rest}`;
}

/** In names of files, where a dash ends the name. */
function fileName(name: string): string {
  return pythonName(name).replaceAll('-', '_');
}

/** `manylinux_2_17_x86_64.manylinux2014_x86_64.whl` names one C library twice. */
function withTagsOnce(rest: string): string {
  const at = rest.lastIndexOf('-') + 1;
  const seen = new Set<string>();
  const tags = rest
    .slice(at)
    .split('.')
    .filter((tag) => {
      const bare = tag.replace(/^(manylinux|musllinux)(?:_\d+_\d+|\d+)_/, '$1_');
      return !seen.has(bare) && seen.add(bare);
    });
  return `${rest.slice(0, at)}${tags.join('.')}`;
}
