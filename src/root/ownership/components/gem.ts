import type { Root } from '../../../layers/root.ts';
import { type Finder, purlOf } from './finder.ts';

/** `/usr/local/bundle/gems/NAME-VERSION/…`, and what was compiled of it: `…/extensions/PLATFORM/ABI/NAME-VERSION/…`. */
const gemFolder = /^(.*)\/(?:gems|extensions\/[^/]+\/[^/]+)\/([^/]+)-(\d[^/-]*)(-[^/]+)?\//;

/** By the specification that RubyGems keeps of each gem that it installed. Gems of a folder of one's own have none. */
export function createGem(root: Root): Finder {
  return ({ path }) => {
    const [, home, name, version, platform = ''] = gemFolder.exec(path) ?? [];
    if (home === undefined || name === undefined || version === undefined) return null;
    const specification = `${home}/specifications/${name}-${version}${platform}.gemspec`;
    if (root.resolve(specification)?.type !== 'file') return null;
    const purl = purlOf('gem', name, version);
    const component = { ecosystem: 'gem', name, version, purl, group: name } as const;
    const because = `${specification} is that of ${name} ${version}`;
    return { ownership: { whose: 'dependency', component, because }, vouched: 'name' };
  };
}
