import { defaultLimits } from '../../../src/base/limits.ts';
import { unreadProgram } from '../../../src/base/problem.ts';
import { problemOf } from '../../../src/base/problem-of.ts';
import { extract } from '../../../src/extraction/extract-facts.ts';
import type { Extraction } from '../../../src/extraction/extraction.ts';
import { extractors } from '../../../src/facts/index.ts';
import type { CatalogEntry, Contained, LayerCatalog } from '../../../src/layers/catalog.ts';
import type { Root } from '../../../src/layers/root.ts';
import { squash } from '../../../src/layers/squash.ts';
import { keepsText } from '../../../src/root/system/kept-texts.ts';
import { unreadError } from '../../../src/unread/unread.ts';
import { buildElf, type ElfDescription } from '../elf/elf-builder.ts';

/** What lies at a path: an ELF file, a text, a symbolic link, or anything else by its attributes. */
export type Thing = Partial<Omit<CatalogEntry, 'path' | 'elf'>> & {
  readonly bytes?: Buffer;
  readonly text?: string;
  /** Its bytes are those of a program, but for the first ones. */
  readonly lacksMagic?: true;
};

export type Things = Readonly<Record<string, Thing>>;

/** An executable file of what `buildElf` makes. */
export function elf(description: ElfDescription, more: Thing = {}): Thing {
  return { bytes: buildElf(description).buffer, mode: 0o755, ...more };
}

export function text(content: string, more: Thing = {}): Thing {
  return { text: content, ...more };
}

export function linkTo(target: string): Thing {
  return { type: 'symlink', linkTarget: target, mode: 0o777 };
}

export function directory(mode: number, more: Thing = {}): Thing {
  return { type: 'directory', mode, ...more };
}

/** The root that a container would see of layers, oldest first. */
export function buildRoot(...layers: readonly Things[]): Root {
  return squash(layers.map(catalogOf), defaultLimits).root;
}

const everyFact = new Set(Object.keys(extractors)) as ReadonlySet<keyof typeof extractors>;

function catalogOf(things: Things): LayerCatalog {
  const extractions = new Map<string, Extraction>();
  const texts = new Map<string, Buffer>();
  const insides = new Map<string, readonly Contained[]>();
  const entries = Object.entries(things).map(([path, thing]) => {
    const { bytes, text: content, lacksMagic, ...more } = thing;
    if (lacksMagic) insides.set(path, [insideOfProgram]);
    const extraction = bytes === undefined ? null : extract(bytes, everyFact);
    if (extraction !== null) extractions.set(extraction.sha256, extraction);
    if (content !== undefined && isKept(path, content))
      texts.set(path, Buffer.from(content, 'latin1'));
    const size = bytes?.length ?? content?.length ?? 0;
    const elfDigest = extraction?.sha256 ?? null;
    return { ...plainFile, path, size, elf: elfDigest, shebang: shebangOf(content), ...more };
  });
  return { entries, extractions, texts, insides, problems: [] };
}

const insideOfProgram: Contained = {
  name: '',
  scheme: 'unreadable',
  kind: 'file',
  config: null,
  catalogs: [],
  problems: [problemOf(unreadError({ name: unreadProgram, size: 100 }), '')],
};

const plainFile = {
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  linkTarget: '',
  capability: null,
} as const;

function shebangOf(content: string | undefined): string | null {
  return content?.startsWith('#!') ? (content.slice(2).split('\n')[0] ?? '') : null;
}

function isKept(path: string, content: string): boolean {
  const head = Buffer.from(content.slice(0, 512), 'latin1');
  return keepsText(path, head, content.length) !== false;
}
