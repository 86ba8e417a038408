import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import go from '../../src/facts/go.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { repositoryRoot } from '../support/repository.ts';

/** A Go string as Go 1.18 and later write it into the build information. */
function inline(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const prefix = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
  return Buffer.concat([Buffer.from(prefix), Buffer.from(text)]);
}

function blob(version: string, modules: string): Buffer {
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:', 'latin1');
  head[14] = 8;
  head[15] = 2;
  return Buffer.concat([head, inline(version), inline(modules)]);
}

/** An ELF file with bytes in its writable memory, at a multiple of 16 plus `shift`. */
function withData(content: Buffer, input: ElfDescription = {}, shift = 0) {
  const { buffer, region } = buildElf({ dataWords: 128, ...input });
  content.copy(buffer, Math.ceil(region('data').offset / 16) * 16 + shift);
  return readElf(bytesOf(buffer));
}

const mark = '0123456789abcdef';
const modules = `${mark}path\texample.org/x\nbuild\t-buildmode=pie\nbuild\tCGO_ENABLED=1\nbuild\tvcs.revision=abc=def\n${mark}`;

describe('go', () => {
  it('reads the version and the build settings', () => {
    const program = go(withData(blob('go1.22.3', modules)));
    assert.equal(program?.version, 'go1.22.3');
    assert.deepEqual(program.settings, {
      '-buildmode': 'pie',
      CGO_ENABLED: '1',
      'vcs.revision': 'abc=def',
    });
  });

  it('does not take CGO_ENABLED for C code', () => {
    assert.equal(go(withData(blob('go1.22.3', modules)))?.cgo, false);
  });

  it('finds C code by what only runtime/cgo imports', () => {
    const input = { needed: ['libc.so.6'], symbols: [{ name: 'pthread_create' }] };
    assert.equal(go(withData(blob('go1.22.3', modules), input))?.cgo, true);
  });

  it('does not take a library that holds the magic for Go', () => {
    assert.equal(go(withData(Buffer.from('\xff Go buildinf:', 'latin1'))), null);
  });

  it('does not take build information in the wrong place for its own', () => {
    assert.equal(go(withData(blob('go1.22.3', modules), {}, 8)), null);
  });

  it('reads the strings of Go before 1.18 through their addresses', () => {
    const { buffer, region } = buildElf({ dataWords: 64 });
    const data = region('data');
    const at = Math.ceil(data.offset / 16) * 16;
    const address = (offset: number) => data.address + BigInt(offset - data.offset);
    buffer.write('\xff Go buildinf:', at, 'latin1');
    buffer[at + 14] = 8;
    buffer.writeBigUInt64LE(address(at + 48), at + 16);
    buffer.writeBigUInt64LE(address(at + 64), at + 24);
    buffer.writeBigUInt64LE(address(at + 80), at + 48);
    buffer.writeBigUInt64LE(8n, at + 56);
    buffer.write('go1.16.2', at + 80);
    assert.equal(go(readElf(bytesOf(buffer)))?.version, 'go1.16.2');
  });

  it('is null for what is not Go', () => {
    assert.equal(go(buildElf({ needed: ['libc.so.6'] }).elf), null);
  });

  it('finds the table of functions without reading the file again and again', () => {
    const file = bytesOf(
      readFileSync(join(repositoryRoot, 'samples/elf/x86_64-none-go-static-stripped')),
    );
    let read = 0;
    const counted = (from: typeof file.read) => (offset: number, length: number) => {
      read += length;
      return from(offset, length);
    };
    const elf = readElf({
      size: file.size,
      read: counted(file.read),
      glance: counted(file.glance),
    });
    assert.equal(go(elf)?.table, true);
    assert.ok(read < 8 * file.size, `${read} bytes of a file of ${file.size}`);
  });
});
