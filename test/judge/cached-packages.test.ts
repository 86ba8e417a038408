import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultLimits } from '../../src/base/limits.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import { judgeTarget } from '../../src/judge/judge-target.ts';
import type { Contained, LayerCatalog } from '../../src/layers/catalog.ts';
import { squash } from '../../src/layers/squash.ts';
import { createCached } from '../../src/root/cached-packages.ts';
import { createExposure } from '../../src/root/exposure/exposure.ts';
import type { PackageControl } from '../../src/sources/source.ts';
import { configOf } from '../root/exposure/config-of.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { catalogEntry, catalogOf } from '../support/roots/catalog-builder.ts';

const extraction = extract(buildElf({}).buffer, new Set());
const elf = extraction.sha256;
const extractions = new Map([[elf, extraction]]);

const ofDebian: PackageControl = {
  manager: 'dpkg',
  name: 'tool',
  version: '1.2-3',
  architecture: 'amd64',
  source: '',
  maintainer: 'Some One <someone@debian.org>',
  vendor: '',
  license: '',
  url: '',
  commit: '',
  isSigned: false,
};

const inCache = '/var/cache/apt/archives/tool_1.2-3_amd64.deb';

interface Case {
  readonly name: string;
  readonly path?: string;
  readonly control?: Partial<PackageControl>;
  readonly cmd?: readonly string[];
  /** Of the script /run. */
  readonly script?: string;
  readonly alias?: string;
  readonly want: string;
}

const cases: readonly Case[] = [
  { name: 'a package of the distribution in the cache is its', want: 'distribution' },
  {
    name: 'a package that others made is a dependency',
    control: { maintainer: 'Vendor <info@vendor.example>' },
    want: 'dependency',
  },
  { name: 'a package elsewhere is yours', path: '/opt/tool_1.2-3_amd64.deb', want: 'yours' },
  { name: 'a file of another name is not a cached package', path: `${inCache}.bin`, want: 'yours' },
  {
    name: 'a package that the command names is yours',
    cmd: ['dpkg', '-i', inCache],
    want: 'yours',
  },
  {
    name: 'a package that a text for a shell may unpack is yours',
    cmd: ['sh', '-c', 'cd /var/cache/apt/arch*; dpkg -i *.deb && tool'],
    want: 'yours',
  },
  {
    name: 'a package that a script may unpack is yours',
    cmd: ['/run'],
    script: '#!/bin/sh\nfor each in /var/cache/apt/*/*; do ar p "$each" data.tar; done\n',
    want: 'yours',
  },
  {
    name: 'a script that starts something else unpacks nothing',
    cmd: ['/run'],
    script: '#!/bin/sh\nexec /app/server\n',
    want: 'distribution',
  },
  {
    name: 'a package with another name outside the cache is yours',
    alias: '/opt/tool.deb',
    want: 'yours',
  },
];

function imageOf({
  path = inCache,
  control = {},
  cmd = ['/app'],
  script,
  alias,
}: Omit<Case, 'name' | 'want'>) {
  const inner: LayerCatalog = {
    ...catalogOf([]),
    entries: [catalogEntry('/usr/bin/tool', 'file', { elf, mode: 0o755 })],
    extractions,
  };
  const inside: Contained = {
    name: '',
    scheme: 'deb',
    kind: 'root-filesystem',
    config: null,
    control: { ...ofDebian, ...control },
    catalogs: [inner],
    problems: [],
  };
  const outer = catalogOf([path, ...(alias === undefined ? [] : [`${alias} = ${path}`])], {
    ...(script === undefined ? {} : { '/run': script }),
  });
  const run = catalogEntry('/run', 'file', { mode: 0o755, shebang: '/bin/sh' });
  const catalog = {
    ...outer,
    entries: script === undefined ? outer.entries : [...outer.entries, run],
    insides: new Map([[path, [inside]]]),
  };
  return { catalog, config: configOf({ cmd }) };
}

async function whoseInside(each: Case) {
  const { catalog, config } = imageOf(each);
  const target = { kind: 'image', config, platform: null, problems: [] } as const;
  const options = { rules: [], limits: defaultLimits, excludes: () => false };
  const { binaries } = await judgeTarget(target, [catalog], options);
  return binaries.map(({ facts }) => facts.ownership.known && facts.ownership.value.whose);
}

describe('whose a package in the cache of its manager is', () => {
  for (const each of cases)
    it(each.name, async () => assert.deepEqual(await whoseInside(each), [each.want]));
});

it('a program that lies plainly in the cache is yours', async () => {
  const entry = catalogEntry(inCache, 'file', { elf, mode: 0o755 });
  const catalog = { ...catalogOf([]), entries: [entry], extractions };
  const target = { kind: 'image', config: null, platform: null, problems: [] } as const;
  const options = { rules: [], limits: defaultLimits, excludes: () => false };
  const { binaries } = await judgeTarget(target, [catalog], options);
  const [ownership] = binaries.map(({ facts }) => facts.ownership);
  assert.equal(ownership?.known && ownership.value.whose, 'yours');
});

it('what the start leads to is searched once, for exposures and for packages in the cache', ({
  mock,
}) => {
  const { catalog, config } = imageOf({ cmd: ['/run'], script: '#!/bin/sh\nexec /app/server\n' });
  const { root } = squash([catalog], defaultLimits);
  const text = mock.method(root, 'text');
  createExposure(root, config);
  const isCached = createCached(root, config);
  assert.deepEqual(root.containers.map(isCached), [true]);
  // Each search looks for homes first.
  const searches = text.mock.calls.filter(({ arguments: [path] }) => path === '/etc/passwd');
  assert.equal(searches.length, 1);
});
