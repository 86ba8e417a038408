import { type Command, topics } from '../command.ts';
import { commands } from '../index.ts';

/** At most 40 lines of 80 columns: a test checks it. */
export async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const sections = topics.map((topic) => section(topic, all));
  return [introduction, ...sections, ending].join('\n\n');
}

function section(topic: Command['topic'], all: readonly Command[]): string {
  const members = all.filter((command) => command.topic === topic).toSorted(scanFirst);
  return [
    `${topic}:`,
    ...members.map(({ usage, summary }) => `  ${usage.padEnd(widthOfUsage)}${summary}`),
  ].join('\n');
}

function scanFirst(a: Command, b: Command): number {
  return Number(b.name === 'scan') - Number(a.name === 'scan');
}

const widthOfUsage = 32;

const introduction = `Check that the ELF binaries of an image are hardened, and that it starts.

Usage: hullcheck IMAGE... [options], or hullcheck COMMAND [options]`;

const ending = `Common options (hullcheck scan --help lists all of them):
  --fail-on SEVERITY              Lowest severity that breaks the gate
  -o, --output FORMAT[=FILE]      Report to write, e.g. json=app.json

Examples:
  hullcheck app.tar               Scan a saved image
  hullcheck registry:alpine:3.20  Scan an image in a registry

Exit codes: 0 gate holds, 1 gate broken, 2 usage error, 3 gate undecided, 70 bug`;
