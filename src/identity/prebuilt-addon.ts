/**
 * The place of an addon of Node.js that lies with those for other machines: `prebuilds/linux-x64/node.napi.node`. node-gyp-build, which
 * loads it, goes by the folder and by words of the name: the C library, Arm's version, the runtime. The other words are what the packer
 * likes (`node.napi.node`, later `sodium-native.node`). `path`: without versions. null: it is not one.
 */
export function prebuiltAddonPlace(path: string): string | null {
  const names = path.split('/');
  if (names.at(-3) !== 'prebuilds' || !names.at(-1)?.endsWith('.node')) return null;
  const words = (names.pop() ?? '').split('.').slice(0, -1);
  const chosenBy = words.filter((word) =>
    /^(?:glibc|musl|electron|node-webkit|armv\d*)$/.test(word),
  );
  return [...names, [...chosenBy.toSorted(), 'node'].join('.')].join('/');
}
