import { severities } from '../../base/verdict.ts';
import { pageHead, pageTail } from '../../reporters/html/diff-assets.ts';
import { inScript } from '../../reporters/html/in-script.ts';
import type { DiffFormat } from './diff-format.ts';

/** One file that needs nothing else: the difference as data in an inert script element, and the page that shows it. */
const html: DiffFormat = {
  format: 'html',
  *render({ difference, gate }) {
    yield pageHead;
    // One list after the other: the largest of them is held as text, and not all.
    const { worse, better, byPolicy, added, removed, changed, ...rest } = difference;
    const lists = { worse, better, byPolicy, added, removed, changed };
    yield inScript({ gate, severities, ...rest }).slice(0, -1);
    for (const [key, list] of Object.entries(lists)) yield `,\n${inScript(key)}:${inScript(list)}`;
    yield '}';
    yield pageTail;
  },
};
export default html;
