import { inflatedHead } from '../../archive/compression/inflated-head.ts';
import { compressionOf } from '../../archive/decompress.ts';
import { partOf, type RandomAccess } from '../../base/random-access.ts';
import { formatOf } from '../input/file-format.ts';

/** Scripts of self-extracting archives have some ten KiB. */
const longestScript = 1024 * 1024;

/** Archives and streams at the beginning of a line: such files are made by appending them to a text. */
const beginnings =
  /\n(?=\x1f\x8b\x08|\xfd7zXZ\0|BZh[1-9]1AY&SY|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18|LZIP\x01|hsqs|PK\x03\x04|07070[127]|\xed\xab\xee\xdb)/;

/**
 * Where the archive begins that a script carries (makeself, Singularity, installers), which its lines cut off with `tail` or
 * `dd`; null: there is none.
 */
export async function archiveInScript(file: RandomAccess): Promise<number | null> {
  if ((await file.read(0, 2)).toString('latin1') !== '#!') return null;
  const text = (await file.read(0, longestScript)).toString('latin1');
  const found = beginnings.exec(text) ?? tarIn(text);
  const at = found === null ? null : found.index + 1;
  return at !== null && (await isSound(file, at)) ? at : null;
}

/** Of a tar the mark stands at 257. */
function tarIn(text: string): { readonly index: number } | null {
  for (let at = text.indexOf('ustar'); at >= 0; at = text.indexOf('ustar', at + 1))
    if (text[at - 258] === '\n') return { index: at - 258 };
  return null;
}

/** Magic numbers of few bytes may be part of a text. */
async function isSound(file: RandomAccess, at: number): Promise<boolean> {
  const head = await file.read(at, 512);
  if (compressionOf(head) === 'gzip') return inflatedHead(head, 'gzip').length > 0;
  return formatOf(head) !== 'unknown';
}

/** The archive alone, of a file that is a script. */
export async function behindScript(file: RandomAccess): Promise<RandomAccess | null> {
  const at = await archiveInScript(file);
  return at === null ? null : partOf(file, at, file.size - at);
}
