import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Compiler } from './compile.ts';
import type { LabRoot } from './lab-roots.ts';

/** A copy of a base root in the making. Paths begin with a slash and lie in that root; owners are root's. */
export interface Lab {
  readonly base: LabRoot;
  readonly compile: Compiler;
  /** The root's folder on this machine, for tools that work on it. */
  readonly folder: string;
  /** Copies a file that was made into the root. */
  install(file: string, path: string, mode?: number): void;
  write(path: string, content: string | Buffer, mode?: number): void;
  read(path: string): Buffer;
  directory(path: string, mode?: number): void;
  symlink(path: string, target: string): void;
  hardLink(path: string, existing: string): void;
  chmod(path: string, mode: number): void;
  chown(path: string, uid: number, gid: number): void;
  remove(path: string): void;
}

export function createLab(base: LabRoot, folder: string, compile: Compiler): Lab {
  const at = (path: string) => join(folder, path);
  const prepare = (path: string) => {
    mkdirSync(dirname(at(path)), { recursive: true, mode: 0o755 });
    if (lstatSync(at(path), { throwIfNoEntry: false })) rmSync(at(path), { recursive: true });
    return at(path);
  };
  return {
    base,
    compile,
    folder,
    install(file, path, mode = 0o755) {
      copyFileSync(file, prepare(path));
      chmodSync(at(path), mode);
    },
    write(path, content, mode = 0o644) {
      writeFileSync(prepare(path), content);
      chmodSync(at(path), mode);
    },
    read: (path) => readFileSync(at(followed(folder, path))),
    directory(path, mode = 0o755) {
      mkdirSync(at(path), { recursive: true, mode: 0o755 });
      chmodSync(at(path), mode);
    },
    symlink: (path, target) => symlinkSync(target, prepare(path)),
    hardLink: (path, existing) => linkSync(at(existing), prepare(path)),
    chmod: (path, mode) => chmodSync(at(path), mode),
    chown: (path, uid, gid) => chownSync(at(path), uid, gid),
    remove: (path) => rmSync(at(path), { recursive: true, force: true }),
  };
}

/** The path without its links, of which those that are absolute lead into the root. */
function followed(folder: string, path: string): string {
  let current = path;
  for (let links = 0; links < 40; links += 1) {
    const link = linkIn(folder, current);
    if (link === null) break;
    current = link;
  }
  return current;
}

/** What a path becomes by its first link; null without one. */
function linkIn(folder: string, path: string): string | null {
  const names = path.split('/');
  for (let count = 2; count <= names.length; count += 1) {
    const before = names.slice(0, count).join('/');
    if (lstatSync(join(folder, before), { throwIfNoEntry: false })?.isSymbolicLink() !== true)
      continue;
    const target = readlinkSync(join(folder, before));
    return join(target.startsWith('/') ? '/' : dirname(before), target, ...names.slice(count));
  }
  return null;
}
