import { readAsarHead } from '../archive/asar.ts';
import type { Entry, EntryWalk } from '../archive/entry.ts';
import { LimitExceeded, MalformedInput } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import { partOf, type RandomAccess } from '../base/random-access.ts';
import { expectFormat } from './input/expect-input.ts';
import { field, type Json, keysOf, natural, parseJson, required, text } from './json/json.ts';
import { packageTarget } from './packages/package-target.ts';
import type { Source } from './source.ts';

const scheme = 'asar';

export default {
  scheme,
  summary: 'an archive of Electron (app.asar)',
  recognised: 'it begins with a size and a list of files in JSON (`{"files":`)',
  opens: 'packages',
  endings: ['asar'],
  async claims(input) {
    return input.kind === 'file' && input.format === scheme ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFormat(given, options, scheme, 'an archive of Electron');
    const { limits } = options;
    const entries = (report: (problem: Problem) => void) => walk(input.file, limits, report);
    return [await packageTarget(input, scheme, async () => null, entries)];
  },
} satisfies Source;

async function* walk(
  file: RandomAccess,
  limits: Limits,
  report: (problem: Problem) => void,
): EntryWalk {
  const { json, start } = await readAsarHead(file, limits);
  const files = partOf(file, start, file.size - start);
  let unpacked = 0;
  let left = limits.maxLayerSize;
  for (const { path, node } of nodesOf(parseJson(json, 'the list of the asar'), limits)) {
    if (field(node, 'unpacked')?.value === true) {
      unpacked += 1;
      continue;
    }
    const entry = entryOf(path, node, files);
    left -= entry.size;
    if (left < 0)
      throw new LimitExceeded(`the files of the asar have more than ${limits.maxLayerSize} bytes`);
    yield entry;
  }
  if (unpacked > 0)
    report({
      kind: 'notice',
      where: '',
      message: `files in the folder next to it (.unpacked), which are not in the archive: ${unpacked}`,
    });
}

interface Node {
  readonly path: string;
  readonly node: Json;
}

/** Files and links, without recursion: the list is nested as its writer liked. */
function* nodesOf(root: Json, { maxPathLength }: Limits): Iterable<Node> {
  const open: Node[] = [{ path: '', node: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, node } = next;
    const files = field(node, 'files');
    if (files === undefined) {
      yield next;
      continue;
    }
    if (path.length > maxPathLength)
      throw new LimitExceeded(`a path has ${path.length} bytes, the limit is ${maxPathLength}`);
    for (const name of keysOf(node, 'files').toReversed()) {
      const child = required(files, name);
      open.push({ path: path === '' ? name : `${path}/${name}`, node: child });
    }
  }
}

function entryOf(path: string, node: Json, files: RandomAccess): Entry {
  const link = field(node, 'link');
  const size = link === undefined ? natural(required(node, 'size')) : 0;
  const offset = size === 0 ? 0 : offsetOf(node);
  if (offset + size > files.size)
    throw new MalformedInput(
      `${path} ends at ${offset + size}, the files of the asar at ${files.size}`,
    );
  const content = partOf(files, offset, size);
  const isExecutable = field(node, 'executable')?.value === true;
  return {
    path,
    type: link === undefined ? 'file' : 'symlink',
    size,
    mode: isExecutable ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    // Links begin at the top of the archive.
    linkTarget: link === undefined ? '' : `/${text(link)}`,
    capability: null,
    body: () => content.stream(0, size),
    content,
  };
}

/** A number as text, since those of JavaScript end before 64 bits. */
function offsetOf(node: Json): number {
  const digits = text(required(node, 'offset'));
  if (!/^\d{1,15}$/.test(digits))
    throw new MalformedInput(`${node.where} has the offset ${JSON.stringify(digits.slice(0, 40))}`);
  return Number(digits);
}
