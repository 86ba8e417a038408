import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { configOf, json, sha256, xzOf, zstdOf } from '../../test/sources/image-builder.ts';
import { tarOf } from '../../test/support/archives/tar-builder.ts';
import { directory, file, symlink } from './entries.ts';
import type { IntakeCase, Place, Written } from './intake-case.ts';
import { imageName, imageOf, run, write } from './layout.ts';

/** One image of two layers, as the archives of `docker save` have it. */
interface Saved {
  readonly one: Buffer;
  readonly two: Buffer;
  readonly config: Buffer;
  /** Without `.json`. */
  readonly configHex: string;
}

type Entry = readonly [name: string, body: Buffer];

/** Archives of `docker save` and of those that write the same, and images in folders. */
export const archiveCases: readonly IntakeCase[] = [
  saved('docker save before 25', (s) => [...legacyLayers(s), configEntry(s), legacyManifest(s)]),
  saved('a folder for each layer with its VERSION', (s) => [
    ['one/VERSION', Buffer.from('1.0')],
    ['one/json', Buffer.from('{}')],
    ...legacyLayers(s),
    configEntry(s),
    legacyManifest(s),
    ['repositories', json({ intake: { t: 'two' } })],
  ]),
  linked('a layer that is a link to another', (s) => [
    file('one/layer.tar', s.one),
    symlink('three/layer.tar', '../one/layer.tar'),
    file('two/layer.tar', s.two),
    file(`${s.configHex}.json`, s.config),
    file(...manifestOf(`${s.configHex}.json`, ['three/layer.tar', 'two/layer.tar'])),
  ]),
  linked('names that begin with ./', (s) => [
    directory('./'),
    ...legacyLayers(s).map(([name, body]) => file(`./${name}`, body)),
    file(`./${s.configHex}.json`, s.config),
    file('./manifest.json', legacyManifest(s)[1]),
  ]),
  saved('no names (docker save of an ID)', (s) => [
    ...legacyLayers(s),
    configEntry(s),
    manifestOf(
      `${s.configHex}.json`,
      legacyLayers(s).map(([name]) => name),
      null,
    ),
  ]),
  saved('layers compressed by gzip (crane, kaniko)', (s) => {
    const layers = [s.one, s.two].map((tar) => gzipSync(tar));
    const named = layers.map((bytes): Entry => [`${sha256(bytes).slice(7)}.tar.gz`, bytes]);
    const config = `sha256:${s.configHex}`;
    return [
      [config, s.config],
      ...named,
      manifestOf(
        config,
        named.map(([name]) => name),
      ),
    ];
  }),
  saved('config.json (Jib)', (s) => {
    const named = [s.one, s.two].map((tar): Entry => {
      const bytes = gzipSync(tar);
      return [`${sha256(bytes).slice(7)}.tar.gz`, bytes];
    });
    return [
      ['config.json', s.config],
      ...named,
      manifestOf(
        'config.json',
        named.map(([name]) => name),
      ),
    ];
  }),
  named('one of two images, by its name', (s) => {
    const other = configOf({ layers: [s.two], more: { config: {} } });
    const otherName = `${sha256(other).slice(7)}.json`;
    const images = [
      { Config: otherName, RepoTags: ['localhost/other:t'], Layers: ['two/layer.tar'] },
      {
        Config: `${s.configHex}.json`,
        RepoTags: [imageName],
        Layers: legacyLayers(s).map(([name]) => name),
      },
    ];
    const manifest: Entry = ['manifest.json', json(images)];
    return [...legacyLayers(s), configEntry(s), [otherName, other], manifest];
  }),
  named('an image of two names, by one of them', (s) => [
    ...legacyLayers(s),
    configEntry(s),
    manifestOf(
      `${s.configHex}.json`,
      legacyLayers(s).map(([name]) => name),
      ['localhost/other:t', imageName],
    ),
  ]),
  saved('blobs of zstd', (s) => blobs(s, zstdOf)),
  saved('blobs of docker save 25', (s) => blobs(s, (tar) => tar)),
  saved('blobs of gzip (containerd)', (s) => blobs(s, (tar) => gzipSync(tar))),
  saved('a manifest that comes first', (s) => [
    legacyManifest(s),
    configEntry(s),
    ...legacyLayers(s),
  ]),
  // podman 4.3 and skopeo 1.9 read those of xz and zstd, and end in those of gzip.
  {
    ...packed('the archive compressed by gzip', '.gz', (tar) => gzipSync(tar)),
    refused: 'read',
  },
  packed('the archive compressed by xz', '.xz', xzOf),
  packed('the archive compressed by zstd', '.zst', zstdOf),
  saved(
    'a config whose name is another digest',
    (s) => [
      ...legacyLayers(s),
      [`${'a'.repeat(64)}.json`, s.config],
      manifestOf(
        `${'a'.repeat(64)}.json`,
        legacyLayers(s).map(([name]) => name),
      ),
    ],
    {
      differs: {
        from: ['podman', 'skopeo', 'containerd'],
        because:
          'A config whose name in an archive of `docker save` is the digest of something else: a problem, since the image may have been changed',
      },
    },
  ),
  saved(
    'a layer that is not there',
    (s) => [...legacyLayers(s).slice(0, 1), configEntry(s), legacyManifest(s)],
    { refused: 'said' },
  ),
  saved(
    'two manifest.json that differ',
    (s) => [
      ...legacyLayers(s),
      configEntry(s),
      ['manifest.json', Buffer.from('garbage')],
      legacyManifest(s),
    ],
    { refused: 'said' },
  ),
  saved(
    'repositories alone (Docker before 1.10)',
    (s) => [
      ...legacyLayers(s),
      ['one/json', Buffer.from('{}')],
      ['repositories', json({ x: { latest: 'one' } })],
    ],
    { refused: 'said' },
  ),
  ...['docker-archive', 'oci-archive', 'dir', 'oci'].map(copied),
  {
    name: 'a folder by skopeo, of an index',
    write: (place) => {
      const { transport } = twoLayers(place);
      return toFolder(place, transport, ['--all']);
    },
  },
  ...['docker-archive', 'docker-dir', 'oci-archive'].map(byPodman),
];

function saved(
  name: string,
  entries: (saved: Saved) => readonly Entry[],
  more: Pick<IntakeCase, 'differs' | 'refused'> = {},
): IntakeCase {
  return linked(name, (given) => entries(given).map((each) => file(...each)), more);
}

/** With the name of the image behind that of the archive. */
function named(name: string, entries: (saved: Saved) => readonly Entry[]): IntakeCase {
  return {
    name,
    write: (place) => {
      const all = entries(savedIn(place)).map((each) => file(...each));
      const written = archive(place, tarOf(...all));
      const [reference, transport] = [written.reference, written.transport].map(
        (each) => `${each}:${imageName}`,
      );
      return { ...written, reference: reference ?? '', transport: transport ?? '' };
    },
  };
}

function linked(
  name: string,
  entries: (saved: Saved) => readonly Buffer[],
  more: Pick<IntakeCase, 'differs' | 'refused'> = {},
): IntakeCase {
  return { name, write: (place) => archive(place, tarOf(...entries(savedIn(place)))), ...more };
}

function packed(name: string, ending: string, pack: (tar: Buffer) => Buffer): IntakeCase {
  return {
    name,
    write: (place) => {
      const s = savedIn(place);
      const entries = [...legacyLayers(s), configEntry(s), legacyManifest(s)];
      const tar = tarOf(...entries.map((each) => file(...each)));
      return archive(place, pack(tar), `saved.tar${ending}`);
    },
  };
}

function savedIn({ elf }: Place): Saved {
  const one = tarOf(file('usr/bin/a', elf('A')), file('usr/bin/b', elf('B')));
  const two = tarOf(file('usr/bin/.wh.b', Buffer.alloc(0)), file('usr/bin/c', elf('C')));
  const config = configOf({ layers: [one, two], more: { config: {} } });
  return { one, two, config, configHex: sha256(config).slice(7) };
}

function legacyLayers({ one, two }: Saved): readonly Entry[] {
  return [
    ['one/layer.tar', one],
    ['two/layer.tar', two],
  ];
}

function configEntry({ configHex, config }: Saved): Entry {
  return [`${configHex}.json`, config];
}

function legacyManifest(s: Saved): Entry {
  return manifestOf(
    `${s.configHex}.json`,
    legacyLayers(s).map(([name]) => name),
  );
}

function manifestOf(
  Config: string,
  Layers: readonly string[],
  RepoTags: readonly string[] | null = [imageName],
): Entry {
  return ['manifest.json', json([{ Config, RepoTags, Layers }])];
}

function blobs(s: Saved, pack: (tar: Buffer) => Buffer): readonly Entry[] {
  const stored = [s.one, s.two].map((tar): Entry => {
    const bytes = pack(tar);
    return [`blobs/sha256/${sha256(bytes).slice(7)}`, bytes];
  });
  const config = `blobs/sha256/${s.configHex}`;
  return [
    [config, s.config],
    ...stored,
    manifestOf(
      config,
      stored.map(([name]) => name),
    ),
  ];
}

function archive({ folder }: Place, bytes: Buffer, name = 'saved.tar'): Written {
  const path = join(folder, name);
  write(path, bytes);
  return {
    reference: path,
    transport: `docker-archive:${path}`,
    archive: path,
    name: imageName,
  };
}

function twoLayers(place: Place): Written {
  const { one, two } = savedIn(place);
  return imageOf(place, [one, two]);
}

/** What skopeo writes of a layout in each of its forms. */
function copied(form: string): IntakeCase {
  return {
    name: `skopeo copy to ${form}`,
    write: (place) => {
      const { transport } = twoLayers(place);
      if (form === 'dir') return toFolder(place, transport, []);
      const path = join(place.folder, 'copied');
      const to = `${form}:${path}:${form === 'docker-archive' ? imageName : 't'}`;
      run('skopeo', ['copy', '-q', transport, to]);
      return {
        ...{ reference: form === 'oci' ? `${path}:t` : path, transport: to },
        ...{ archive: form === 'oci' ? null : path, name: imageName },
      };
    },
  };
}

function toFolder({ folder }: Place, transport: string, options: readonly string[]): Written {
  const path = join(folder, 'directory');
  mkdirSync(path);
  run('skopeo', ['copy', '-q', ...options, transport, `dir:${path}`]);
  return { reference: path, transport: `dir:${path}`, archive: null, name: imageName };
}

/** What `podman save` writes; `docker-dir` is one of its formats. */
function byPodman(format: string): IntakeCase {
  return {
    name: `podman save --format ${format}`,
    write: (place) => {
      const { transport } = twoLayers(place);
      const store = ['root', 'runroot'].map((each) => `--${each}=${join(place.folder, each)}`);
      const podman = (...args: readonly string[]) =>
        run('podman', [...store, '--storage-driver=vfs', ...args])
          .toString()
          .trim();
      const id = podman('pull', '-q', transport);
      podman('tag', id, imageName);
      const path = join(place.folder, `by-podman${format === 'docker-dir' ? '' : '.tar'}`);
      podman('save', '-q', '--format', format, '-o', path, imageName);
      const isFolder = format === 'docker-dir';
      return {
        ...{ reference: path, transport: `${isFolder ? 'dir' : format}:${path}` },
        ...{ archive: isFolder ? null : path, name: imageName },
      };
    },
  };
}
