import { writeJson } from '../../reporters/writing/write-json.ts';
import type { AuditFormat } from './audit-format.ts';

/** Everything, one entry of each list a line. */
const json: AuditFormat = {
  format: 'json',
  *render({ reports, acceptances, inactive, people, tickets, verdicts, ...head }) {
    const lists = { reports, acceptances, inactive, people, tickets, verdicts };
    yield writeJson(head).slice(0, -1);
    for (const [name, list] of Object.entries(lists)) yield* listOf(name, list);
    yield '}\n';
  },
};
export default json;

function* listOf(name: string, items: readonly object[]): Generator<string> {
  yield `,\n${writeJson(name)}:[`;
  for (const [at, item] of items.entries()) yield `${at > 0 ? ',' : ''}\n${writeJson(item)}`;
  yield ']';
}
