import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptedHere } from '../../src/root/accepted-here.ts';
import { buildRoot, elf, linkTo, type Things } from '../support/roots/root-builder.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';
import { glibcLoader, glibcPath, muslLoader } from './loader/processes.ts';
import { followImage } from './start/follow-image.ts';

/** Its p_memsz is p_filesz, so that Linux starts it whatever is cut: here all from before its dynamic section on. */
const whole = sampleBinary('x86_64-glibc-gcc-pie-hardened');
whole[0x180] = 0x98;
const cut = { bytes: whole.subarray(0, 0x2000), mode: 0o755 };
const executable = { mode: 0o755 };
const glibc = { ...glibcLoader([]), ...executable };
const musl = { ...muslLoader(), ...executable };
/** It may jump to the entry point and do nothing else. */
const own = elf({ entry: 0x1000, type: 3 });

const cases: readonly { readonly name: string; readonly loader: Things; readonly by: string }[] = [
  { name: "glibc's", loader: { [glibcPath]: glibc }, by: 'nothing' },
  { name: "musl's under glibc's name", loader: { [glibcPath]: musl }, by: 'nothing' },
  {
    name: "a link to glibc's",
    loader: { [glibcPath]: linkTo('/opt/ld'), '/opt/ld': glibc },
    by: 'nothing',
  },
  { name: 'none', loader: {}, by: 'nothing' },
  { name: "an own one under glibc's name", loader: { [glibcPath]: own }, by: 'kernel' },
  {
    name: "a link from glibc's name to an own one",
    loader: { [glibcPath]: linkTo('/opt/ld'), '/opt/ld': own },
    by: 'kernel',
  },
];

describe('a program that was cut before its dynamic section is judged by the loader that the root has', () => {
  for (const { name, loader, by } of cases)
    it(`${name}: ${by}`, () => {
      const root = buildRoot({ '/app': cut, ...loader });
      const extraction = root.extractions.get(root.resolve('/app')?.elf ?? '');
      assert.ok(extraction);
      const accepted = acceptedHere(extraction, root);
      assert.equal(accepted.known && accepted.value.by, by);
    });
});

/** Headers of another size, with room between them. */
const spread = withStride(whole, 64);
/** It says that it is for i386, of 32 bits. */
const misnamed = Buffer.from(sampleBinary('x86_64-glibc-gcc-pie-hardened'));
misnamed[4] = 1;
misnamed[18] = 3;

function withStride(bytes: Buffer, stride: number): Buffer {
  const offset = Number(bytes.readBigUInt64LE(32));
  const count = bytes.readUInt16LE(56);
  const table = Buffer.alloc(stride * count);
  for (let index = 0; index < count; index += 1)
    bytes.copy(table, index * stride, offset + index * 56, offset + (index + 1) * 56);
  const all = Buffer.concat([bytes, table]);
  all.writeBigUInt64LE(BigInt(bytes.length), 32);
  all.writeUInt16LE(stride, 54);
  return all;
}

describe('a header that only the loader of musl does not mind counts where that loader is', () => {
  const others: readonly (readonly [string, Things, boolean])[] = [
    ['with musl', { '/lib/ld-musl-x86_64.so.1': musl }, true],
    ['with glibc', { [glibcPath]: glibc }, false],
    ['with none', {}, false],
  ];
  const files: readonly (readonly [string, Buffer])[] = [
    ['program headers of another size', spread],
    ['another class and machine', misnamed],
  ];
  for (const [what, bytes] of files)
    for (const [where, loader, isTaken] of others)
      it(`${what}, ${where}`, () => {
        const root = buildRoot({ '/app': { bytes, mode: 0o755 }, ...loader });
        const extraction = root.extractions.get(root.resolve('/app')?.elf ?? '');
        assert.ok(extraction);
        const accepted = acceptedHere(extraction, root);
        assert.equal(accepted.known && accepted.value.by === 'loader', isTaken);
      });
});

it('an image whose entry point was cut so does not start with the loader of glibc', () => {
  const things = { '/app': cut, [glibcPath]: glibc };
  const { start } = followImage({ things, config: { entrypoint: ['/app'] } });
  assert.equal(start.state, 'fails');
});

it('an image whose entry point was cut so may start with a loader of its own', () => {
  const things = { '/app': cut, [glibcPath]: own };
  const { start } = followImage({ things, config: { entrypoint: ['/app'] } });
  assert.notEqual(start.state, 'fails');
});
