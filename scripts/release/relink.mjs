import { posix } from 'node:path';

/**
 * A document as it stands in a release: links to files that the release does not have lead to the repository, and examples name
 * it. `name` is the path of the document, `has` whether the release has a path.
 */
export function relink(text, { name, has, repository, commit }) {
  const target = (link) => {
    if (/^(?:[a-z]+:|#)/i.test(link)) return link;
    const [, path = '', rest = ''] = /^([^#?]*)(.*)$/.exec(link) ?? [];
    const file = posix.join(posix.dirname(name), decodeURI(path));
    return file.startsWith('..') || has(file)
      ? link
      : `${repository}/blob/${commit}/${encodeURI(file)}${rest}`;
  };
  const { hostname, pathname } = new URL(repository);
  const linked = text.replace(
    /(\]\()([^)\s]+)(?=[)\s])/g,
    (_, before, link) => `${before}${target(link)}`,
  );
  const named = linked.replaceAll('https://github.com/OWNER/hullcheck', repository);
  return hostname === 'github.com' ? named.replaceAll('OWNER/hullcheck', pathname.slice(1)) : named;
}
