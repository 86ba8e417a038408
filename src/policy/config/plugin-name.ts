/** What an entry of `plugins` names. */
export interface PluginName {
  readonly by: 'file' | 'package';
  readonly name: string;
  /** null: any content. */
  readonly sha256: string | null;
}

const pinned = /^(.+)@sha256:([0-9a-f]{64})$/s;
/** The rules of npm: an optional scope, and lower case. */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** `problem`: the rest of a sentence. */
export function readPluginName(text: string): PluginName | { readonly problem: string } {
  if (/@sha256:/.test(text) && !pinned.test(text))
    return {
      problem: 'has no valid digest, expected @sha256: and 64 hexadecimal digits in lower case',
    };
  const [, name = text, sha256 = null] = pinned.exec(text) ?? [];
  if (/[\0-\x1f]/.test(name)) return { problem: 'has a control character' };
  if (/^\.{0,2}\//.test(name)) {
    if (/\.m?js$/.test(name)) return { by: 'file', name, sha256 };
    return { problem: 'is not a module: its name does not end in .mjs or .js' };
  }
  if (packageName.test(name) && !/\.m?js$/.test(name)) return { by: 'package', name, sha256 };
  return { problem: 'is neither a file (./NAME.mjs) nor a package of npm' };
}
