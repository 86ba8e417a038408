import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a plain system consists of: about 0.14 GB. */
const priorities: ReadonlySet<string> = new Set(['required', 'important', 'standard']);

/** The packages of this machine that each Debian has, with their database, as a folder; kept for the next run. */
export function debianRoot(folder: string): string {
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, 'var/lib/dpkg/info'), { recursive: true });
  const own = readFileSync('/var/lib/dpkg/status', 'utf8')
    .split('\n\n')
    .filter((entry) => priorities.has(/^Priority: (\S+)$/m.exec(entry)?.[1] ?? ''));
  const names = own.map((entry) => /^Package: (\S+)$/m.exec(entry)?.[1] ?? '');
  const files = execFileSync('dpkg-query', ['-L', ...names], { maxBuffer: 1 << 28 })
    .toString()
    .split('\n')
    .filter((path) => path.startsWith('/') && lstatSync(path, { throwIfNoEntry: false })?.isFile());
  const lists = names.flatMap((name) =>
    [name, `${name}:amd64`]
      .flatMap((each) => [`${each}.list`, `${each}.md5sums`])
      .map((each) => `/var/lib/dpkg/info/${each}`)
      .filter((path) => existsSync(path)),
  );
  const all = [...files, ...lists, '/usr/lib/os-release'].map((path) => path.slice(1)).join('\n');
  execFileSync('tar', ['-C', '/', '-chf', join(folder, 'files.tar'), '-T', '-'], {
    input: all,
  });
  execFileSync('tar', ['-C', folder, '-xf', join(folder, 'files.tar')]);
  execFileSync('rm', [join(folder, 'files.tar')]);
  writeFileSync(join(folder, 'var/lib/dpkg/status'), `${own.join('\n\n')}\n`);
  return folder;
}
