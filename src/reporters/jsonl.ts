import { createBinaryWriter, imageInOrder, writesAllFacts } from './json.ts';
import type { Reporter } from './reporter.ts';
import { writeJson } from './writing/write-json.ts';

/** For tools that read as they go: every line stands alone and says which target it is of. */
const jsonl: Reporter = {
  format: 'jsonl',
  summary: 'one line of JSON for each target, binary and problem, and one for the gate',
  *render(report, options) {
    const { targets, gate, counts, policy, rules, tool, date, against } = report;
    const write = createBinaryWriter(writesAllFacts(report, options));
    for (const { image, binaries, problems, ...target } of targets) {
      yield `${writeJson({ type: 'target', ...target })}\n`;
      const of = { target: target.name, platform: target.platform };
      if (image !== undefined)
        yield `${writeJson({ type: 'image', ...of, ...imageInOrder(image) })}\n`;
      for (const binary of binaries) yield `${write(binary, { type: 'binary', ...of })}\n`;
      for (const problem of problems)
        yield `${writeJson({ type: 'problem', ...of, ...problem })}\n`;
    }
    const asked = rules === undefined ? {} : { rules };
    const old = against === undefined ? {} : { against };
    const on = date === undefined ? {} : { date };
    yield `${writeJson({ type: 'gate', ...gate, counts, policy, ...asked, tool, ...on, ...old })}\n`;
  },
};
export default jsonl;
