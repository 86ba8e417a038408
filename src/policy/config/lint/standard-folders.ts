/** Whether a path is a folder on every system, by the Filesystem Hierarchy Standard or by what package managers make. */
export function isStandardFolder(path: string): boolean {
  return standard.has(path) || /\/(?:node_modules|site-packages|dist-packages)$/.test(path);
}

const standard: ReadonlySet<string> = new Set(
  [
    ...[
      'bin',
      'boot',
      'dev',
      'etc',
      'home',
      'lib',
      'lib32',
      'lib64',
      'libx32',
      'media',
      'mnt',
      'opt',
    ],
    ...['proc', 'root', 'run', 'sbin', 'srv', 'sys', 'tmp', 'usr', 'var'],
    ...[
      'bin',
      'games',
      'include',
      'lib',
      'lib32',
      'lib64',
      'libexec',
      'libx32',
      'local',
      'sbin',
    ].map((name) => `usr/${name}`),
    ...[
      'share',
      'src',
      'lib/debug',
      'lib/modules',
      'lib/x86_64-linux-gnu',
      'lib/aarch64-linux-gnu',
    ].map((name) => `usr/${name}`),
    ...['bin', 'etc', 'include', 'lib', 'lib64', 'libexec', 'sbin', 'share', 'src'].map(
      (name) => `usr/local/${name}`,
    ),
    ...['cache', 'lib', 'local', 'log', 'opt', 'run', 'spool', 'tmp', 'www'].map(
      (name) => `var/${name}`,
    ),
  ].map((path) => `/${path}`),
);
