import { createHash } from 'node:crypto';
import type { Extraction } from './extraction.ts';

/** What became of one content: on its way, found out and kept by somebody, or lost. */
type Sight = Promise<Extraction> | WeakRef<Extraction> | null;

/** What tells most files apart: behind the headers linkers put the build id. */
const lookSize = 4096;

/**
 * Extracts each content once, however many layers, platforms and images hold it. Only a digest proves two files equal;
 * it is taken of files that look alike, so the first of a kind costs nothing.
 */
export class SeenContents {
  readonly #byLook = new Map<string, { sight: Sight }[]>();

  /** The facts of an equal file, or what `extract` says. A content that was lost is tried again. */
  async extract(elf: Buffer, extract: (elf: Buffer) => Promise<Extraction>): Promise<Extraction> {
    const look = lookOf(elf);
    const alike = this.#byLook.get(look) ?? [];
    this.#byLook.set(look, alike);
    const known = alike.length === 0 ? null : await equalTo(elf, [...alike]);
    if (known !== null) return known;
    const pending = extract(elf);
    const seen: { sight: Sight } = { sight: pending };
    alike.push(seen);
    try {
      const extraction = await pending;
      seen.sight = new WeakRef(extraction);
      return extraction;
    } catch (error) {
      seen.sight = null;
      throw error;
    }
  }
}

function lookOf(elf: Buffer): string {
  const head = createHash('sha1').update(elf.subarray(0, lookSize));
  return `${elf.length} ${head.digest('base64')}`;
}

async function equalTo(
  elf: Buffer,
  alike: readonly { readonly sight: Sight }[],
): Promise<Extraction | null> {
  const sha256 = createHash('sha256').update(elf).digest('hex');
  for (const { sight } of alike) {
    const extraction =
      sight instanceof WeakRef ? sight.deref() : await sight?.catch(() => undefined);
    if (extraction?.sha256 === sha256) return extraction;
  }
  return null;
}
