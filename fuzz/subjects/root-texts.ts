import { rules } from '../../rules/index.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import type { Extraction } from '../../src/extraction/extraction.ts';
import { judge } from '../../src/judge/judge.ts';
import { type FactName, judgesBinaries } from '../../src/judge/rule.ts';
import type { CatalogEntry, LayerCatalog } from '../../src/layers/catalog.ts';
import { squash } from '../../src/layers/squash.ts';
import { findBinaries } from '../../src/root/binaries.ts';
import { systemOf } from '../../src/root/packages/by-itself.ts';
import { bareFileFacts, findRootFacts } from '../../src/root/root-facts.ts';
import { keepsText } from '../../src/root/system/kept-texts.ts';
import { assembleTarget } from '../../src/scan/report-assembly.ts';
import { rootTarget } from '../../src/sources/root/root-target.ts';
import { catalogEntry } from '../../test/support/roots/catalog-builder.ts';
import { mutateBytes, wholeOf } from '../mutate-bytes.ts';
import { mutateText } from '../mutate-json.ts';
import type { Random } from '../random.ts';
import { elfSampleNames, lazily, readElfSample } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const wanted = new Set<FactName>(rules.filter(judgesBinaries).flatMap((rule) => rule.needs));

/**
 * Everything above the layers: entries in any arrangement, links, whiteouts, owners, and the texts of a root (system
 * release, package databases, loader configuration and cache). The input is the seed's root as JSON.
 */
export default {
  name: 'root',
  make(random) {
    const layers = Array.from({ length: 1 + random.below(3) }, () => describeLayer(random));
    return { bytes: Buffer.from(JSON.stringify(layers)), origin: '', isDamaged: false };
  },
  check({ bytes }) {
    const layers: readonly LayerDescription[] = JSON.parse(bytes.toString());
    const first = JSON.stringify(reportOf(layers), plain);
    holds(first === JSON.stringify(reportOf(layers), plain), () => 'the same root, two reports');
  },
} satisfies Subject;

interface LayerDescription {
  readonly entries: readonly (readonly [path: string, type: CatalogEntry['type'], more: string])[];
  /** Content in latin1 by path. */
  readonly texts: Readonly<Record<string, string>>;
}

const places = [
  '/',
  '/lib',
  '/usr',
  '/usr/lib',
  '/lib64',
  '/bin',
  '/usr/bin',
  '/etc',
  '/tmp',
  '/a',
  '/a/b',
  '/a/b/c',
  '/lib/ld-musl-x86_64.so.1',
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/libc.so.6',
  '/usr/lib/libsample.so.1',
  '/usr/bin/program',
] as const;

const types = [
  'file',
  'file',
  'file',
  'directory',
  'symlink',
  'symlink',
  'hardlink',
  'whiteout',
  'opaque',
  'fifo',
] as const;

const texts: Readonly<Record<string, string>> = {
  '/etc/os-release': 'ID=alpine\nVERSION_ID=3.20\nPRETTY_NAME="Alpine Linux"\n',
  '/lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nF:lib\nR:ld-musl-x86_64.so.1\n\n',
  '/var/lib/dpkg/status': 'Package: libc6\nStatus: install ok installed\nVersion: 2.36\n\n',
  '/var/lib/dpkg/info/libc6.list': '/.\n/lib\n/lib/libc.so.6\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
  '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n/usr/local/lib\n',
  '/etc/ld.so.conf.d/x.conf': '/opt/lib # comment\n/usr/lib\n',
  '/etc/ld-musl-x86_64.path': '/lib:/usr/local/lib\n/usr/lib\n',
  '/etc/ld.so.cache': libraryCache(),
};

/** glibc 2.2's format with one library. */
function libraryCache(): string {
  const head = Buffer.alloc(48);
  head.write('glibc-ld.so.cache1.1', 'latin1');
  head.writeUInt32LE(1, 20);
  const strings = Buffer.from('libc.so.6\0/lib/libc.so.6\0');
  head.writeUInt32LE(strings.length, 24);
  const entry = Buffer.alloc(24);
  entry.writeInt32LE(0x303, 0);
  entry.writeUInt32LE(72, 4);
  entry.writeUInt32LE(82, 8);
  return Buffer.concat([head, entry, strings]).toString('latin1');
}

function describeLayer(random: Random): LayerDescription {
  const entries = Array.from({ length: random.below(20) }, () => {
    const path = random.oneIn(8) ? mutateText(random.pick(places), random) : random.pick(places);
    return [path, random.pick(types), random.pick(places)] as const;
  });
  const kept = Object.entries(texts)
    .filter(() => random.oneIn(2))
    .map(([path, text]) => [path, mutatedText(text, random)] as const);
  return { entries, texts: Object.fromEntries(kept) };
}

function mutatedText(text: string, random: Random): string {
  if (random.oneIn(4)) return text;
  if (random.oneIn(8)) return text.repeat(random.pick([0, 2, 300]));
  const bytes = Buffer.from(text, 'latin1');
  return mutateBytes(bytes, [wholeOf(bytes)], random).toString('latin1');
}

function reportOf(layers: readonly LayerDescription[]) {
  const catalogs = layers.map(catalogOf);
  const target = rootTarget('fuzzed', 'dir', null, async function* () {});
  const { root, problems } = squash(catalogs, defaultLimits);
  const found = findBinaries(root, () => false);
  const rootFacts = findRootFacts(target, root, found);
  const binaries = found.map((binary, index) => {
    const { facts: fileFacts, linking } = binary.extraction;
    const facts = { ...fileFacts, ...(rootFacts[index] ?? bareFileFacts(linking)) };
    const { sha256, size } = binary.extraction;
    const { mode, uid, gid, layer, path } = binary.entry;
    const { aliases } = binary;
    return {
      path,
      aliases,
      sha256,
      size,
      mode,
      uid,
      gid,
      layer,
      facts,
      verdicts: judge(rules, facts),
    };
  });
  return assembleTarget(target, binaries, systemOf(root, undefined), problems);
}

function catalogOf({ entries, texts: kept }: LayerDescription): LayerCatalog {
  const { extractions, order } = elfFiles();
  return {
    entries: [
      ...entries.map(([path, type, linkTarget], index) =>
        catalogEntry(path, type, {
          linkTarget: type === 'symlink' || type === 'hardlink' ? linkTarget : '',
          elf: type === 'file' ? (order[(path.length * 7 + index) % order.length] ?? null) : null,
          mode: (path.length * 1117) & 0o7777,
        }),
      ),
      ...Object.keys(kept).map((path) => catalogEntry(path)),
    ],
    extractions,
    texts: new Map(
      Object.entries(kept)
        .map(([path, text]) => [path, Buffer.from(text, 'latin1')] as const)
        .filter(([path, text]) => keepsText(path, text.subarray(0, 512), text.length) !== false),
    ),
    insides: new Map(),
    problems: [],
  };
}

const elfFiles = lazily(() => {
  const samples = elfSampleNames().filter((name) => name.startsWith('x86_64-'));
  const all = samples.map((name) => extract(readElfSample(name), wanted));
  const extractions: ReadonlyMap<string, Extraction> = new Map(all.map((one) => [one.sha256, one]));
  return { extractions, order: [...extractions.keys()] };
});

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
