import { beginningOf } from '../../archive/beginning.ts';
import { compressionOf, decompress } from '../../archive/decompress.ts';
import { DamagedInput, type UnsupportedFormat } from '../../base/errors.ts';
import { bufferAccess } from '../../base/random-access.ts';
import { unreadError, unreadIn } from '../../unread/unread.ts';
import { unreadHead } from '../../unread/unread-format.ts';
import { withoutMagic } from '../../unread/without-magic.ts';
import { unreadBehindElf } from '../nested/behind-elf.ts';
import type { FileInput, Input } from './input.ts';

/** null: it is nothing that is known. */
export async function unreadInput(input: Input): Promise<UnsupportedFormat | null> {
  if (input.kind !== 'file') return null;
  const program = await withoutMagic(input.file);
  if (program !== null) return unreadError(program);
  if (input.format === 'elf') return unreadBehindElf(input.file);
  if (input.format === 'compressed') return unreadInside(input);
  const unread = await unreadIn(input.file);
  return unread === null ? null : unreadError(unread);
}

/** How large the whole would be is known only when it is unpacked. */
async function unreadInside({ file }: FileInput): Promise<UnsupportedFormat | null> {
  try {
    const head = await beginningOf(decompress(file.stream(0, file.size)), unreadHead);
    const inner = compressionOf(head);
    if (inner !== 'none' && inner !== 'lzma')
      return unreadError({ name: `a file that is compressed twice (${inner})`, size: file.size });
    const unread = await unreadIn(bufferAccess(head.subarray(0, unreadHead)));
    if (unread === null) return null;
    return unreadError({ name: `${unread.name}, compressed to a file`, size: file.size });
  } catch (error) {
    // The reader reports the damage.
    if (error instanceof DamagedInput) return null;
    throw error;
  }
}
