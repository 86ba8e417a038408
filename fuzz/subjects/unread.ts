import { bufferAccess } from '../../src/base/random-access.ts';
import { mayBeUnread, unreadIn } from '../../src/unread/unread.ts';
import { unreadHead } from '../../src/unread/unread-format.ts';
import { unreadSamples } from '../../test/unread/unread-samples.ts';
import { damageBytes, mutateBytes, wholeOf } from '../mutate-bytes.ts';
import { holds, type Subject } from '../subject.ts';

/** Marks and second signs of the formats that are known and not read: cut, changed, at the wrong place. */
export default {
  name: 'unread',
  make(random) {
    const { file, bytes } = random.any(unreadSamples) ?? { file: '', bytes: Buffer.alloc(0) };
    const isDamaged = random.oneIn(3);
    return isDamaged
      ? { bytes: damageBytes(bytes, [], random), origin: file, isDamaged }
      : { bytes: mutateBytes(bytes, [wholeOf(bytes)], random), origin: file, isDamaged };
  },
  async check({ bytes }) {
    const found = await unreadIn(bufferAccess(bytes));
    if (found === null) return;
    holds(found.size > 0 && found.size <= bytes.length, () => {
      return `${found.name} has ${found.size} of ${bytes.length} bytes`;
    });
    const isTrailer = found.name.includes('DMG');
    holds(isTrailer || mayBeUnread(bytes.subarray(0, unreadHead)), () => {
      return `${found.name} is not suspected`;
    });
  },
} satisfies Subject;
