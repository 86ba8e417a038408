import { encodeName } from '../../src/base/text.ts';
import { paxHeader, tarEntry, tarOf } from '../../test/support/archives/tar-builder.ts';
import { device, directory, fifo, file, hardLink, mark, symlink } from './entries.ts';
import type { Differs, IntakeCase, Place } from './intake-case.ts';
import { imageOf } from './layout.ts';

/** The old files of a directory, and paths through a link: see decision 0002. */
const copies: readonly Differs['from'][number][] = ['umoci', 'skopeo'];
const remade: Differs = {
  from: copies,
  because:
    'A directory that a layer removes and makes again: its old files stay, as in overlay file systems',
};
const throughLink: Differs = {
  from: copies,
  because:
    'A path through a symbolic link of a lower layer: a directory takes its place, as in overlay file systems',
};

/** Paths of one layer upon another: hard links, whiteouts, opaque directories, replaced types, names. */
export const layerCases: readonly IntakeCase[] = [
  layered('one layer', ({ elf }) => [base(elf)]),
  layered('a hard link to a file of a lower layer', ({ elf }) => [
    base(elf),
    tarOf(hardLink('usr/bin/c', 'usr/bin/a')),
  ]),
  layered('a hard link to another name of what the layer removes', ({ elf }) => [
    base(elf),
    tarOf(mark('usr/bin/.wh.a'), hardLink('usr/bin/c', 'usr/bin/a2')),
  ]),
  layered(
    'a hard link to what an earlier layer removed',
    ({ elf }) => [
      base(elf),
      tarOf(mark('usr/bin/.wh.a')),
      tarOf(hardLink('usr/bin/c', 'usr/bin/a')),
    ],
    { refused: 'said' },
  ),
  layered('a hard link to an absolute name', ({ elf }) => [
    tarOf(
      directory('/'),
      directory('usr/'),
      file('usr/git', elf('A')),
      hardLink('usr/git2', '/usr/git'),
    ),
  ]),
  layered(
    'a hard link to what comes later',
    ({ elf }) => [tarOf(hardLink('usr/bin/c', 'usr/bin/z'), file('usr/bin/z', elf('A')))],
    { refused: 'said' },
  ),
  layered(
    'a directory removed and made again',
    ({ elf }) => [
      base(elf),
      tarOf(mark('usr/.wh.bin'), directory('usr/bin/'), file('usr/bin/n', elf('C'))),
    ],
    { differs: remade },
  ),
  layered('a directory made again and then removed', ({ elf }) => [
    base(elf),
    tarOf(directory('usr/bin/'), file('usr/bin/n', elf('C')), mark('usr/.wh.bin')),
  ]),
  layered('an opaque directory, its mark first', ({ elf }) => [
    base(elf),
    tarOf(directory('usr/bin/'), mark('usr/bin/.wh..wh..opq'), file('usr/bin/n', elf('C'))),
  ]),
  layered('an opaque directory, its mark last', ({ elf }) => [
    base(elf),
    tarOf(directory('usr/bin/'), file('usr/bin/n', elf('C')), mark('usr/bin/.wh..wh..opq')),
  ]),
  ...['./usr/bin/.wh.a', '/usr/bin/.wh.a', 'opt/.wh.none', 'usr/bin/.wh.b', 'usr/.wh.bin'].map(
    (name) => layered(`a whiteout named ${name}`, ({ elf }) => [base(elf), tarOf(mark(name))]),
  ),
  layered('a directory emptied and made a link (kaniko)', ({ elf }) => [
    tarOf(directory('a/'), file('a/a', elf('A')), directory('b/')),
    tarOf(
      mark('a/.wh.a'),
      directory('/'),
      symlink('a', 'b'),
      directory('b/'),
      file('b/x', elf('B')),
    ),
  ]),
  layered('a directory replaced by a file', ({ elf }) => [
    base(elf),
    tarOf(file('usr/bin', elf('C'))),
  ]),
  layered('a file replaced by a directory', ({ elf }) => [
    base(elf),
    tarOf(directory('usr/bin/a/'), file('usr/bin/a/x', elf('C'))),
  ]),
  layered('a directory replaced by a link', ({ elf }) => [
    base(elf),
    tarOf(directory('opt/'), file('opt/o', elf('C')), symlink('usr/bin', '../opt')),
  ]),
  layered('a name twice', ({ elf }) => [tarOf(file('x/a', elf('A')), file('x/a', elf('B')))]),
  layered('a file, then a hard link of its name', ({ elf }) => [
    tarOf(file('x/a', elf('A')), file('x/b', elf('B')), hardLink('x/a', 'x/b')),
  ]),
  layered('hard links to bookkeeping of AUFS', ({ elf }) => [
    tarOf(
      ...[directory('.wh..wh.plnk/'), file('.wh..wh.plnk/12.34', elf('A')), directory('usr/')],
      ...['usr/git', 'usr/git2'].map((name) => hardLink(name, '.wh..wh.plnk/12.34')),
    ),
  ]),
  layered('a directory named like bookkeeping of AUFS', ({ elf }) => [
    tarOf(directory('.wh..wh.hide/'), file('.wh..wh.hide/evil', elf('A')), file('bin/a', elf('B'))),
  ]),
  layered('names with ..', ({ elf }) => [
    tarOf(file('../bin/evil', elf('A')), file('usr/../opt/ok', elf('B'))),
  ]),
  layered('absolute names and ./', ({ elf }) => [
    tarOf(file('/bin/abs', elf('A')), file('./bin/dot', elf('B'))),
  ]),
  layered(
    'a file below a link of a lower layer (merged /usr)',
    ({ elf }) => [merged(elf), tarOf(file('bin/new', elf('B')))],
    { differs: throughLink },
  ),
  layered('a directory upon a link of a lower layer', ({ elf }) => [
    merged(elf),
    tarOf(directory('bin/'), file('bin/new', elf('B'))),
  ]),
  layered(
    'a whiteout below a link of a lower layer',
    ({ elf }) => [merged(elf), tarOf(mark('bin/.wh.a'))],
    { differs: throughLink },
  ),
  layered('a directory that becomes a link (conversion to merged /usr)', ({ elf }) => [
    tarOf(directory('lib/'), file('lib/x.so', elf('A'))),
    tarOf(
      ...[directory('usr/'), directory('usr/lib/'), file('usr/lib/y.so', elf('B'))],
      ...[mark('.wh.lib'), symlink('lib', 'usr/lib')],
    ),
  ]),
  layered('a link and a file below it in one layer', ({ elf }) => [
    tarOf(
      ...[symlink('lib', 'usr/lib'), directory('usr/'), directory('usr/lib/')],
      file('lib/y.so', elf('B')),
    ),
  ]),
  layered('names with several slashes', ({ elf }) => [
    tarOf(file('.//usr///bin/a', elf('A')), file('usr/./bin/./b', elf('B'))),
  ]),
  layered('a removed file that a later layer has again', ({ elf }) => [
    base(elf),
    tarOf(mark('usr/bin/.wh.a')),
    tarOf(file('usr/bin/a', elf('C'))),
  ]),
  layered('an empty layer', ({ elf }) => [base(elf), Buffer.alloc(0)]),
  layered('a tar of nothing', ({ elf }) => [base(elf), Buffer.alloc(1024)]),
  layered('a tar without an end', ({ elf }) => [base(elf), file('x', elf('C'))]),
  layered('bytes behind a tar', ({ elf }) => [
    Buffer.concat([base(elf), Buffer.from('garbage'.repeat(100))]),
  ]),
  layered('two tars, one behind the other', ({ elf }) => [
    Buffer.concat([tarOf(file('x/a', elf('A'))), tarOf(file('x/b', elf('B')))]),
  ]),
  layered('devices and FIFOs', ({ elf }) => [
    tarOf(device('dev/null'), file('bin/a', elf('A')), fifo('p')),
  ]),
  layered('a name that is not UTF-8', ({ elf }) => [
    tarOf(file(encodeName('bin/\udcff\udce9'), elf('A'))),
  ]),
  layered('long names of GNU and PAX', ({ elf }) => [
    tarOf(file(`${'d/'.repeat(100)}${'n'.repeat(150)}`, elf('A'))),
    tarOf(
      paxHeader({ path: `p/${'e'.repeat(250)}` }),
      tarEntry({ name: 'e', mode: 0o755 }, elf('B')),
    ),
  ]),
  layered('a name that no file system has', ({ elf }) => [tarOf(file('e'.repeat(300), elf('A')))], {
    refused: 'read',
  }),
  layered('a name in two fields (ustar)', ({ elf }) => [
    tarOf(tarEntry({ name: `${'q'.repeat(90)}/x`, prefix: 'p'.repeat(60), mode: 0o755 }, elf('A'))),
  ]),
  layered('one layer twice', ({ elf }) => [base(elf), tarOf(mark('usr/bin/.wh.a')), base(elf)]),
];

function layered(
  name: string,
  layers: (place: Place) => readonly Buffer[],
  more: Pick<IntakeCase, 'differs' | 'refused'> = {},
): IntakeCase {
  return { name, write: (place) => imageOf(place, layers(place)), ...more };
}

function base(elf: Place['elf']): Buffer {
  return tarOf(
    ...[directory('usr/'), directory('usr/bin/'), file('usr/bin/a', elf('A'))],
    ...[file('usr/bin/b', elf('B')), hardLink('usr/bin/a2', 'usr/bin/a')],
  );
}

function merged(elf: Place['elf']): Buffer {
  return tarOf(
    ...[directory('usr/'), directory('usr/bin/'), file('usr/bin/a', elf('A'))],
    symlink('bin', 'usr/bin'),
  );
}
