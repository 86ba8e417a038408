import { posix } from 'node:path';
import { tarEntry, tarOf } from '../../test/support/archives/tar-builder.ts';

export interface Owned {
  /** Default: 0755. */
  readonly mode?: number;
  /** Default: root's. */
  readonly uid?: number;
  readonly gid?: number;
}

/** The files of one layer in the making. Owners are those of the description, whichever user runs this. */
export class ImageFiles {
  readonly #entries: Buffer[] = [];
  readonly #directories = new Set<string>(['/']);

  file(
    path: string,
    content: Buffer | string,
    { mode = 0o755, uid = 0, gid = 0 }: Owned = {},
  ): void {
    this.#makeParents(path);
    this.#entries.push(tarEntry({ name: path.slice(1), mode, uid, gid }, content));
  }

  directory(path: string, { mode = 0o755, uid = 0, gid = 0 }: Owned = {}): void {
    this.#makeParents(path);
    this.#directories.add(path);
    this.#entries.push(tarEntry({ name: `${path.slice(1)}/`, flag: '5', mode, uid, gid }));
  }

  link(path: string, target: string): void {
    this.#makeParents(path);
    this.#entries.push(tarEntry({ name: path.slice(1), flag: '2', linkName: target, mode: 0o777 }));
  }

  hardLink(path: string, target: string): void {
    this.#makeParents(path);
    this.#entries.push(tarEntry({ name: path.slice(1), flag: '1', linkName: target.slice(1) }));
  }

  /** Of lower layers. */
  remove(path: string): void {
    const name = `${posix.dirname(path)}/.wh.${posix.basename(path)}`.replace(/^\/+/, '');
    this.#entries.push(tarEntry({ name }));
  }

  tar(): Buffer {
    return tarOf(...this.#entries);
  }

  /** Directories of lower layers keep mode and owner where nothing names them, and runtimes make the others. */
  #makeParents(path: string): void {
    const parent = posix.dirname(path);
    if (this.#directories.has(parent) || usual.test(parent)) return;
    this.directory(parent);
  }
}

/** Base roots have them, some as links: a layer that names one as a directory would put it in the link's place. */
const usual = /^\/(bin|sbin|lib|lib64|usr|usr\/bin|usr\/lib|etc|tmp|usr\/local|usr\/local\/bin)$/;
