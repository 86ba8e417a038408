import { pageHead, pageTail } from './html/assets.ts';
import { renderPayload } from './html/payload.ts';
import type { Reporter } from './reporter.ts';

/**
 * One file that needs nothing else: the report as data in an inert script element, and the page that shows it. The
 * page's own policy lets it load and send nothing, and it writes strings of the report as text only.
 */
const html: Reporter = {
  format: 'html',
  summary: 'a page to look at: your files with their fixes, and everything else behind them',
  *render(report, { rules }) {
    yield pageHead;
    yield* renderPayload(report, rules);
    yield pageTail;
  },
};
export default html;
