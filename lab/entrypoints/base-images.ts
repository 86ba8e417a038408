import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { repositoryRoot } from '../../test/support/repository.ts';
import type { BaseImage } from './entrypoint-case.ts';
import { ImageFiles } from './image-files.ts';

const muslLoader = '/lib/ld-musl-x86_64.so.1';
const glibcLoader = '/lib64/ld-linux-x86-64.so.2';

/** Whether it can be made on this machine. */
export function isAvailable(base: BaseImage): boolean {
  const archive = archiveOf(base);
  return archive === null || existsSync(archive);
}

/** The lowest layer of an image; null for an image that begins empty. */
export function baseLayer(base: BaseImage): Buffer {
  const archive = archiveOf(base);
  if (archive !== null) return gunzipSync(readFileSync(archive));
  const files = new ImageFiles();
  for (const folder of ['/etc', '/tmp', '/usr', '/usr/local', '/usr/local/bin', '/usr/lib'])
    files.directory(folder);
  if (base === 'debian') addDebian(files);
  else
    for (const folder of ['/bin', '/sbin', '/usr/bin', '/lib', '/lib64']) files.directory(folder);
  if (base === 'musl') files.file(muslLoader, readFileSync(realpathSync(muslLoader)));
  if (base === 'glibc') addGlibc(files, dirname(realpathSync(glibcLoader)).replace(/^\/usr/, ''));
  return files.tar();
}

/** Alpine's archives lie next to the repository. */
function archiveOf(base: BaseImage): string | null {
  const version = { 'alpine-3.20': '3.20.3', 'alpine-3.10': '3.10.9' }[base as string];
  if (version === undefined) return null;
  const name = `alpine-minirootfs-${version}-x86_64.tar.gz`;
  return join(dirname(repositoryRoot), 'shared/corpus', name);
}

/** The machine's own files: the loader's directories are built into it. */
function addGlibc(files: ImageFiles, place: string): void {
  const loader = realpathSync(glibcLoader);
  files.file(`${place}/${basename(loader)}`, readFileSync(loader));
  files.link(glibcLoader, `${place}/${basename(loader)}`);
  files.file(`${place}/libc.so.6`, readFileSync(librariesOf('/bin/bash').get('libc.so.6') ?? ''));
}

/** As Debian has them since its folders are merged: /bin is a link. */
function addDebian(files: ImageFiles): void {
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    files.directory(`/usr/${folder}`);
    files.link(`/${folder}`, `usr/${folder}`);
  }
  const place = dirname(realpathSync(glibcLoader));
  addGlibc(files, place);
  for (const program of ['dash', 'bash', 'env', 'nice']) {
    files.file(`/usr/bin/${program}`, readFileSync(join('/usr/bin', program)));
    for (const [name, path] of librariesOf(join('/usr/bin', program)))
      if (name !== 'libc.so.6') files.file(`${place}/${name}`, readFileSync(path));
  }
  files.link('/usr/bin/sh', 'dash');
  const text = { mode: 0o644 };
  files.file('/etc/passwd', passwd, text);
  files.file('/etc/group', group, text);
  files.file(
    '/etc/os-release',
    'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    text,
  );
}

const passwd =
  'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n';
const group = 'root:x:0:\nnogroup:x:65534:\n';

/** By name, as ldd finds them. The loader is not among them. */
function librariesOf(program: string): ReadonlyMap<string, string> {
  const text = execFileSync('ldd', [program], { encoding: 'utf8' });
  const lines = [...text.matchAll(/^\s*(\S+) => (\/\S+)/gm)];
  return new Map(lines.map(([, name = '', path = '']) => [name, realpathSync(path)]));
}
