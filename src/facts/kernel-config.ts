import { gunzipSync } from 'node:zlib';
import { LimitExceeded, MalformedElf } from '../base/errors.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import {
  type KernelConfiguration,
  largestConfiguration,
  readConfiguration,
} from './file/kernel-configuration.ts';
import kind from './kind.ts';
import { findText, mappedRanges, placesOfText } from './search/byte-search.ts';

/**
 * What a kernel that was built with CONFIG_IKCONFIG holds of its own configuration: gzip between two marks (Linux,
 * kernel/configs.c). null: it holds none, or the file is not a kernel.
 */
export default factExtractor('tables', (elf): KernelConfiguration | null => {
  if (kind(elf).kind !== 'kernel') return null;
  const packed = packedConfiguration(elf);
  if (packed === null) return null;
  const read = readConfiguration(unpacked(packed));
  if (read.known) return read.value;
  throw read.cause === 'limit' ? new LimitExceeded(read.because) : new MalformedElf(read.because);
});

/** Without their first letter, and so found faster. */
const marks = { start: Buffer.from('KCFG_ST'), end: Buffer.from('KCFG_ED') };
const gzip = Buffer.from('1f8b08', 'hex');
/** Tools that look for the mark have it as a text of their own. */
const mostMarks = 16;
/** 300 KiB of configuration are 70 KiB here. */
const largestPacked = 1024 * 1024;

function packedConfiguration(elf: Elf): Buffer | null {
  const { bytes } = elf;
  for (const range of mappedRanges(elf)) {
    const places = placesOfText(bytes, marks.start, range, mostMarks);
    for (const place of places) {
      const start = place + marks.start.length;
      const isGzip = start + gzip.length <= bytes.size && bytes.read(start, 3).equals(gzip);
      if (!isGzip) continue;
      const end = findText(bytes, marks.end, start, start + largestPacked);
      if (end === null)
        throw new MalformedElf('the configuration in the kernel does not end: no `IKCFG_ED`');
      return bytes.read(start, end - 1 - start);
    }
  }
  return null;
}

function unpacked(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: largestConfiguration });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new LimitExceeded(
        `the configuration in the kernel has more than ${largestConfiguration} bytes`,
      );
    throw new MalformedElf('the configuration in the kernel cannot be unpacked');
  }
}
