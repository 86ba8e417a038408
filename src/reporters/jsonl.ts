import { binaryInOrder, imageInOrder } from './json.ts';
import type { Reporter } from './reporter.ts';
import { writeJson } from './write-json.ts';

/** For tools that read as they go: every line stands alone and says which target it is of. */
const jsonl: Reporter = {
  format: 'jsonl',
  summary: 'one line of JSON for each target, binary and problem, and one for the gate',
  *render({ targets, gate, counts, policy }) {
    for (const { image, binaries, problems, ...target } of targets) {
      yield `${writeJson({ type: 'target', ...target })}\n`;
      if (image !== undefined)
        yield `${writeJson({ type: 'image', target: target.name, ...imageInOrder(image) })}\n`;
      for (const binary of binaries)
        yield `${writeJson({ type: 'binary', target: target.name, ...binaryInOrder(binary) })}\n`;
      for (const problem of problems)
        yield `${writeJson({ type: 'problem', target: target.name, ...problem })}\n`;
    }
    yield `${writeJson({ type: 'gate', ...gate, counts, policy })}\n`;
  },
};
export default jsonl;
