import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../../test/support/repository.ts';

/** What the kernel made of a program. */
export type KernelView =
  | { readonly started: false; readonly errno: number; readonly status: number }
  | {
      readonly started: true;
      /** Hexadecimal. */
      readonly auxv: string;
      /** Lines of /proc/PID/maps. */
      readonly maps: readonly string[];
      /** The first 16 bytes of pages by address, both hexadecimal; null where they cannot be read. */
      readonly pages: Readonly<Record<string, string | null>>;
    };

const nobody = '65534';
const loaders = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux.so.2', '/lib/ld-musl-x86_64.so.1'];

export interface Starter {
  /** Interpreters that a program can name. */
  readonly interpreters: ReadonlySet<string>;
  readonly isRoot: boolean;
  start(programs: readonly Buffer[]): readonly KernelView[];
}

/** Compiles the helper, and makes a root with nothing but loaders, where it may. */
export function createStarter(folder: string): Starter {
  const helper = join(folder, 'start-stopped');
  const source = join(repositoryRoot, 'lab/kernel-map/start-stopped.c');
  execFileSync('gcc', ['-O1', '-o', helper, source], { stdio: 'inherit' });
  const isRoot = process.getuid?.() === 0;
  const root = join(folder, 'root');
  const present = loaders.filter((loader) => existsSync(loader));
  for (const loader of present) {
    mkdirSync(join(root, dirname(loader)), { recursive: true });
    cpSync(realpathSync(loader), join(root, loader));
  }
  mkdirSync(root, { recursive: true });
  return {
    interpreters: new Set(present),
    isRoot,
    start(programs) {
      const paths = programs.map((bytes, index) => {
        writeFileSync(join(root, `program-${index}`), bytes, { mode: 0o755 });
        return join(isRoot ? '/' : root, `program-${index}`);
      });
      const said = execFileSync(helper, [root, nobody], {
        input: paths.map((path) => `${path}\n`).join(''),
        maxBuffer: 1024 * 1024 * 1024,
        encoding: 'utf8',
      });
      return said
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as KernelView);
    },
  };
}
