import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../test/support/repository.ts';

const block = /^( *)```ts\n[\s\S]*?^ *```$/m;

/** CONTRIBUTING with the rule that `npm run new` makes as its example. */
export function withExample(text: string): string {
  const skeleton = readFileSync(
    join(repositoryRoot, 'scripts/new/skeletons/rule/rule.ts'),
    'utf8',
  ).replaceAll("'../../../../src/", "'../../src/");
  if (!block.test(text)) throw new Error('there is no block of TypeScript for the example');
  return text.replace(block, (_, indent: string) => {
    const lines = `\`\`\`ts\n${skeleton}\`\`\``.split('\n');
    return lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
  });
}
