import { decodeName } from '../../base/text.ts';
import type { Root } from '../../layers/root.ts';

export interface OperatingSystem {
  readonly id: string;
  readonly versionId: string;
  readonly prettyName: string;
}

/** From /etc/os-release, else /usr/lib/os-release, in the order of os-release(5); null when there is neither. */
export function readOperatingSystem(root: Root): OperatingSystem | null {
  const text = root.text('/etc/os-release') ?? root.text('/usr/lib/os-release');
  if (text === undefined) return null;
  const values = new Map<string, string>();
  for (const line of decodeName(text.subarray(0, 64 * 1024)).split('\n')) {
    const assignment = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (assignment) values.set(assignment[1] ?? '', unquote(assignment[2] ?? ''));
  }
  const id = values.get('ID') ?? 'linux';
  return {
    id,
    versionId: values.get('VERSION_ID') ?? '',
    prettyName: values.get('PRETTY_NAME') ?? values.get('NAME') ?? id,
  };
}

/** os-release(5): values may be in single or double quotes, with shell backslash escapes. */
function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value);
  return (quoted?.[2] ?? value).replace(/\\(["'$`\\])/g, '$1');
}
