import { appendFileSync } from 'node:fs';
import type { LayerTask } from '../../../src/layer-threads/messages.ts';

/** Says that it was asked, in a file whose name stands in the promised digest, and takes its thread down with it. */
export default function work({ promised }: LayerTask): Promise<never> {
  appendFileSync(promised.digest?.text ?? '', 'asked\n');
  setImmediate(() => {
    throw new TypeError('x is not a function');
  });
  return new Promise(() => {});
}
