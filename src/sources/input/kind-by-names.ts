import { cleanName } from '../files/path-in-archive.ts';
import type { Holding, PackageHolding } from './input.ts';

/** Of a tar that a source of packages opens. */
export function packageHolding(scheme: string): PackageHolding {
  return `package:${scheme}`;
}

export function holdingOf(names: Iterable<string>): Holding {
  const seen = new SeenNames();
  for (const name of names) {
    seen.add(name);
    if (seen.isRoot) break;
  }
  return seen.holding();
}

/**
 * Names of an archive or directory, as they come. Those of a root filesystem outweigh those of an image: anyone who
 * builds an image can put a `/manifest.json` into it, and `docker export` of it must still be read as the root
 * filesystem that
 * it is.
 */
export class SeenNames {
  readonly #top = new Set<string>();
  #isRoot = false;

  /** From here on no name changes anything. */
  get isRoot(): boolean {
    return this.#isRoot;
  }

  add(name: string): void {
    const clean = cleanName(name);
    if (isRootName(clean)) this.#isRoot = true;
    else if (!clean.includes('/')) this.#top.add(clean);
  }

  holding(): Holding {
    const top = this.#top;
    if (this.#isRoot) return 'root-filesystem';
    if (top.has('manifest.json') || (top.has('repositories') && !top.has('index.json')))
      return 'docker-archive';
    return top.has('oci-layout') && top.has('index.json') ? 'oci-layout' : 'other';
  }
}

/** True for a path that no image archive holds and every Linux root filesystem does. */
export function isRootName(clean: string): boolean {
  const [top = ''] = clean.split('/', 1);
  return rootNames.has(top) || /^lib(?:32|64|x32)$/.test(top);
}

/** True for a path at which an image archive begins, and no root filesystem would. */
export function isImageName(clean: string): boolean {
  const [top = ''] = clean.split('/', 1);
  return imageNames.has(top) || /^(?:sha256:)?[0-9a-f]{64}(?:$|\.)/.test(top);
}

/** Filesystem Hierarchy Standard 3.0, section 3.2. */
const rootNames: ReadonlySet<string> = new Set([
  ...['bin', 'boot', 'dev', 'etc', 'home', 'lib', 'media', 'mnt', 'opt', 'proc', 'root'],
  ...['run', 'sbin', 'srv', 'sys', 'tmp', 'usr', 'var'],
]);

const imageNames: ReadonlySet<string> = new Set([
  'manifest.json',
  'repositories',
  'oci-layout',
  'index.json',
  'blobs',
]);
