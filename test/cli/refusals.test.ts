import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { expandGlob } from '../../src/sources/input/expand-glob.ts';
import { proxyFor } from '../../src/sources/registry/proxy.ts';
import { keptOutput } from '../support/kept-output.ts';
import { repositoryRoot } from '../support/repository.ts';
import { type Files, type Refusal, refusals } from './refusals.ts';

/** In a folder of its own, where every connection fails and is counted. */
async function run(
  t: TestContext,
  argv: readonly string[],
  { files = {}, env = {} }: Partial<Pick<Refusal, 'files' | 'env'>>,
) {
  const place = fs.realpathSync(mkdtempSync(join(tmpdir(), 'refusals-test-')));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  await write(place, files);
  const before = process.cwd();
  process.chdir(place);
  t.after(() => process.chdir(before));
  const connect = t.mock.method(Socket.prototype, 'connect', () => {
    throw new Error('a refusal connects to nothing');
  });
  const { written, ...output } = keptOutput();
  const exitCode = await main(argv, {
    ...output,
    env: {
      HOME: place,
      CONTAINERS_REGISTRIES_CONF: join(place, 'registries.conf'),
      ...env,
    },
    cwd: place,
    today: '2026-11-23',
  });
  const { stdout, stderr } = written;
  const said = stderr.replaceAll(`${place}/`, '');
  return { exitCode, stdout, said, connections: connect.mock.callCount() };
}

async function write(place: string, files: Files): Promise<void> {
  writeFileSync(join(place, 'registries.conf'), '');
  for (const [name, content] of Object.entries(files)) {
    const path = join(place, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (name.endsWith('/')) continue;
    writeFileSync(path, typeof content === 'function' ? await content() : content);
  }
}

function refused(sentence: string) {
  return { exitCode: 2, stdout: '', said: `hullcheck: ${sentence}\n`, connections: 0 };
}

describe('what is refused, with one sentence and exit code 2', () => {
  for (const { name, argv, sentence, ...surroundings } of refusals)
    it(name, async (t) => {
      assert.deepEqual(await run(t, argv, surroundings), refused(sentence));
    });

  for (const { name, argv, sentence } of [
    {
      name: 'containerd that is not here',
      argv: ['containerd:app:1'],
      sentence:
        'there is no containerd here: CONTAINERD_ADDRESS is not set, and none of these sockets exists: /run/containerd/containerd.sock, /run/k3s/containerd/containerd.sock',
    },
    {
      name: 'processes of a system that is not Linux',
      argv: ['proc:1'],
      sentence: 'proc: needs /proc of Linux, which is not here',
    },
  ])
    it(name, async (t) => {
      const exists = t.mock.method(fs, 'existsSync', () => false);
      syncBuiltinESMExports();
      t.after(() => {
        exists.mock.restore();
        syncBuiltinESMExports();
      });
      assert.deepEqual(await run(t, argv, {}), refused(sentence));
    });

  it('a glob over more than is looked through', async (t) => {
    const place = mkdtempSync(join(tmpdir(), 'refusals-test-'));
    t.after(() => rmSync(place, { recursive: true, force: true }));
    await write(place, { a: '', b: '', c: '' });
    assert.throws(() => expandGlob(`${place}/**/none`, { maxEntries: 2 }), {
      name: 'UsageError',
      message: `${place}/**/none: there are too many files to look through`,
    });
  });

  for (const { proxy, message } of [
    { proxy: 'http://[', message: 'HTTPS_PROXY is not a URL, expected http://HOST:PORT' },
    {
      proxy: 'socks5://localhost:1080',
      message: 'HTTPS_PROXY names a proxy of kind socks5, expected http or https',
    },
  ])
    it(`the proxy ${proxy}`, () => {
      const url = new URL('https://reg.example/');
      assert.throws(() => proxyFor(url, { HTTPS_PROXY: proxy }), { name: 'UsageError', message });
    });

  it('a process that has ended, and is still listed', async (t) => {
    const shell = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 60']);
    t.after(() => shell.kill());
    const [printed] = await once(shell.stdout, 'data');
    const pid = String(printed).trim();
    const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '')[0];
    while (state() !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(
      await run(t, [`proc:${pid}`], {}),
      refused(`${pid} is a thread of the kernel or has ended: it runs no file`),
    );
  });
});

/** The longest text without values of each refusal that src/sources throws. */
function textsOfRefusals(): readonly string[] {
  const texts: string[] = [];
  for (const source of textsBelow('src/sources'))
    for (const [, , text = ''] of source.matchAll(
      /new UsageError\(\s*([`'"])((?:\\.|(?!\1)[^\\])*)\1/g,
    ))
      texts.push(longest(text.replaceAll('\\\\', '\\').split(/\$\{(?:[^{}]|\{[^{}]*\})*(?:\}|$)/)));
  return texts;
}

function longest(parts: readonly string[]): string {
  const [first = ''] = parts.map((each) => each.trim()).sort((a, b) => b.length - a.length);
  return first;
}

function textsBelow(folder: string): readonly string[] {
  return fs
    .readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(repositoryRoot, folder, name), 'utf8'));
}

/** The one that is left out happens where a disk is full. */
it('every refusal of src/sources has a row here or a test elsewhere', () => {
  const texts = textsOfRefusals();
  assert.ok(texts.length >= 40, `${texts.length} are found`);
  // A regular expression counts as what it matches.
  const tests = textsBelow('test')
    .join('\n')
    .replaceAll('\\\\', '\\')
    .replace(/\\(?=\W)/g, '');
  assert.deepEqual(
    texts.filter((text) => text !== 'cannot keep an unpacked archive in' && !tests.includes(text)),
    [],
  );
});
