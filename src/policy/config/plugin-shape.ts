import { described } from '../../shapes/shape.ts';
import type { Config } from './config.ts';
import { choice, listOf, placed, type Shape, text } from './node-shapes.ts';
import { readPluginName } from './plugin-name.ts';
import { digest } from './selector-shapes.ts';

export const pluginsShape: Shape<NonNullable<Config['plugins']>> = described(
  "Rules of one's own: modules, each a file (./NAME.mjs) or a package of npm, with @sha256:DIGEST or without.",
  listOf(placed(text('a file or a package', { maxLength: 2048 }, problemOfPlugin))),
);

function problemOfPlugin(written: string): string | null {
  const name = readPluginName(written);
  return 'problem' in name ? name.problem : null;
}

const digests = listOf(digest);
const all = choice('all', ['all']);

/** By what a file is, and not by its name: a repository has its own node_modules. */
export const acceptedPluginsShape: Shape<NonNullable<Config['accept-plugins']>> = described(
  'Plug-ins that nearer files may add though this one locks settings, by sha256; all: any.',
  {
    schema: { anyOf: [all.schema, digests.schema] },
    read: (node) =>
      node.kind === 'scalar' && node.value === 'all' ? all.read(node) : digests.read(node),
  },
);
