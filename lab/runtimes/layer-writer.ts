import type { Random } from '../../fuzz/random.ts';
import { encodeName } from '../../src/base/text.ts';
import {
  gnuLong,
  type HeaderFields,
  paxHeader,
  tarEntry,
} from '../../test/support/archives/tar-builder.ts';

export type Kind = 'file' | 'directory' | 'link';

/** Paths are absolute and normal; how they are spelled in the archive is chosen here. */
export class LayerWriter {
  readonly parts: Buffer[] = [];
  /** Directories whose own entry stands behind a whiteout of them. */
  readonly remade: string[] = [];
  readonly #random: Random;
  readonly #mayRepeat: boolean;
  readonly #written = new Set<string>();

  /** Some runtimes refuse a layer with two entries of one name. */
  constructor(random: Random, mayRepeat: boolean) {
    this.#random = random;
    this.#mayRepeat = mayRepeat;
  }

  has(path: string): boolean {
    return this.#written.has(path);
  }

  /** Ignored by most, refused by some. */
  globalHeader(): void {
    this.parts.push(paxHeader({ path: 'everything' }, 'g'));
  }

  file(path: string, content: Buffer): void {
    const mode = this.#random.pick([0o755, 0o644, 0o4755, 0o600]);
    this.#entry(path, { mode }, content);
  }

  directory(path: string): void {
    if (this.has(whiteoutName(path))) this.remade.push(path);
    this.#entry(`${path}/`, { flag: '5', mode: 0o755 });
  }

  symlink(path: string, target: string): void {
    this.#entry(path, { flag: '2' }, null, target);
  }

  hardLink(path: string, target: string): void {
    this.#entry(path, { flag: '1' }, null, this.#spelled(target));
  }

  special(path: string): void {
    this.#entry(path, { flag: this.#random.pick(['3', '6']), mode: 0o600 });
  }

  whiteout(path: string): void {
    this.named(whiteoutName(path));
  }

  opaque(directory: string): void {
    this.named(`${directory}/.wh..wh..opq`);
  }

  /** An empty file. */
  named(path: string): void {
    this.#entry(path, {});
  }

  #entry(
    path: string,
    fields: Partial<HeaderFields>,
    content: Buffer | null = null,
    link = '',
  ): void {
    const clean = path.replace(/\/$/, '');
    if (this.has(clean) && !this.#mayRepeat) return;
    this.#written.add(clean);
    const name = encodeName(this.#spelled(path));
    const target = encodeName(link);
    const body = content ?? Buffer.alloc(0);
    const { parts } = this;
    const random = this.#random;
    const pax: Record<string, Buffer | string> = {};
    let short: string | Buffer = name;
    let shortLink: string | Buffer = target;
    let size = body.length;
    if (name.length > 99 || random.oneIn(6)) {
      short = 'decoy';
      if (random.oneIn(2)) pax['path'] = name;
      else parts.push(gnuLong('L', name));
    }
    if (target.length > 99 || (target.length > 0 && random.oneIn(6))) {
      shortLink = 'decoy';
      if (random.oneIn(2)) pax['linkpath'] = target;
      else parts.push(gnuLong('K', target));
    }
    if (content !== null && random.oneIn(6)) {
      pax['size'] = String(body.length);
      size = random.pick([0, 1, 512, 4000]);
    }
    if (random.oneIn(20)) pax['comment'] = 'odd';
    if (Object.keys(pax).length > 0) parts.push(paxHeader(pax));
    parts.push(tarEntry({ flag: '0', ...fields, name: short, linkName: shortLink, size }, body));
  }

  #spelled(path: string): string {
    const relative = path.slice(1);
    return this.#random.oneIn(3)
      ? this.#random.pick([
          `./${relative}`,
          `/${relative}`,
          `../${relative}`,
          `../../${relative}`,
          `gone/../${relative}`,
          `.//${relative.replaceAll('/', '//')}`,
        ])
      : relative;
  }
}

function whiteoutName(path: string): string {
  const slash = path.lastIndexOf('/');
  return `${path.slice(0, slash)}/.wh.${path.slice(slash + 1)}`;
}
