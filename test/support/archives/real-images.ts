/** Images of file systems, made by the tools that make the real ones out of one small tree. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultLimits } from '../../../src/base/limits.ts';
import { openTarget } from '../../../src/sources/input/find-source.ts';
import { repositoryRoot } from '../repository.ts';

export const workFolder = mkdtempSync(join(tmpdir(), 'real-images-'));

/** Tools of the system's own folders are not on the path of everyone. */
const environment = {
  ...process.env,
  LC_ALL: 'C.UTF-8',
  PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
};

export function tool(program: string, words: readonly string[], input?: Buffer): Buffer {
  const options = { env: environment, cwd: workFolder, stdio: ['pipe', 'pipe', 'pipe'] as const };
  return execFileSync(program, words, {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
    ...(input === undefined ? {} : { input }),
  });
}

export const elfBytes = readFileSync(
  join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened'),
);

/** Files of every size that matters, names, holes, links, a large directory, deep folders. */
export function makeTree(): string {
  const root = join(workFolder, 'root');
  const file = (name: string, content: Buffer | string, mode = 0o644) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content, { mode });
  };
  const noise = createHash('sha256');
  const random = (size: number) => {
    const parts: Buffer[] = [];
    for (let at = 0; at < size; at += 32) parts.push(noise.update('x').copy().digest());
    return Buffer.concat(parts).subarray(0, size);
  };
  file('bin/tool', elfBytes, 0o755);
  linkSync(join(root, 'bin/tool'), join(root, 'bin/tool-by-another-name'));
  symlinkSync('tool', join(root, 'bin/short'));
  symlinkSync(`../${'long-target/'.repeat(20)}end`, join(root, 'bin/long'));
  symlinkSync('/etc/../bin/./tool', join(root, 'bin/absolute'));
  file('etc/empty', '');
  file('etc/small', 'a few bytes\n');
  file('etc/naïve file name.conf', 'x');
  file('etc/UPPER.TXT', 'x');
  file('etc/Mixed.Name.With.Dots', 'x');
  file('var/block', random(4096));
  file('var/large', random(700_001));
  file('var/compressible', Buffer.alloc(3_000_000, 'compressible '));
  file('var/hole', elfBytes);
  truncateSync(join(root, 'var/hole'), 2_000_000);
  for (let index = 0; index < 700; index += 1)
    file(`usr/share/many/file-number-${index}`, `${index}`);
  file(`deep/${'folder/'.repeat(14)}tool`, elfBytes, 0o755);
  copyFileSync(join(root, 'bin/tool'), join(root, 'usr/tool-copy'));
  return root;
}

/** What is recorded of an entry: type, size, mode, and what it holds. */
export type Listing = Readonly<Record<string, string>>;

/** `details` false: no modes, links as files of their own, since the format knows none. */
export function listFolder(root: string, details: boolean): Listing {
  const found: Record<string, string> = {};
  const firstNames = new Map<number, string>();
  for (const name of ['', ...readdirSync(root, { recursive: true, encoding: 'utf8' })]) {
    const path = join(root, name);
    const stats = lstatSync(path);
    const mode = details ? ` ${(stats.mode & 0o7777).toString(8)}` : '';
    if (stats.isDirectory()) found[name || '.'] = `directory${mode}`;
    else if (stats.isSymbolicLink()) {
      if (details) found[name] = `symlink ${readlinkSync(path)}`;
    } else if (stats.nlink > 1 && details) {
      const names = [firstNames.get(stats.ino) ?? '', name].filter(Boolean).sort();
      firstNames.set(stats.ino, names[0] ?? '');
      found[name] = `file${mode} ${sum(readFileSync(path))}`;
    } else found[name] = `file${mode} ${sum(readFileSync(path))}`;
  }
  return sorted(found);
}

/** The same of an image, by its content. Hard links are recorded as what they lead to. `target`: which one of several. */
export async function listImage(reference: string, details: boolean, target = 0): Promise<Listing> {
  const source = await openTarget(reference, { platform: null, limits: defaultLimits });
  const found: Record<string, string> = {};
  try {
    const layer = source.targets[target]?.layers[0];
    if (layer === undefined) throw new Error(`${reference} has no such target`);
    const report = ({ where, message }: { where: string; message: string }) => {
      found[`problem ${where}`] = message;
    };
    for await (const entry of layer.entries(report)) {
      const mode = details ? ` ${entry.mode.toString(8)}` : '';
      if (entry.type === 'hardlink') found[entry.path] = found[entry.linkTarget] ?? 'nothing';
      else if (entry.type === 'symlink') found[entry.path] = `symlink ${entry.linkTarget}`;
      else if (entry.type !== 'file') found[entry.path] = `${entry.type}${mode}`;
      else found[entry.path] = `file${mode} ${sum(await whole(entry.body()))}`;
    }
  } finally {
    await source.close();
  }
  return sorted(found);
}

async function whole(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of body) parts.push(piece);
  return Buffer.concat(parts);
}

function sum(bytes: Buffer): string {
  return `${bytes.length} ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}

function sorted(listing: Readonly<Record<string, string>>): Listing {
  return Object.fromEntries(Object.entries(listing).sort(([a], [b]) => (a < b ? -1 : 1)));
}
