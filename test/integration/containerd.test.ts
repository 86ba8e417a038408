import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { openTarget } from '../../src/sources/input/find-source.ts';
import { noRemoteOptions } from '../../src/sources/remote/remote-options.ts';
import { repositoryRoot } from '../support/repository.ts';
import { run } from './registry-server.ts';

/** Debian's containerd, and servers that behave as it should not. */
const folder = mkdtempSync(join(tmpdir(), 'containerd-test-'));
const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const socket = join(folder, 'containerd.sock');
let service: ChildProcess | null = null;
const servers: Http2Server[] = [];
const sessions: ServerHttp2Session[] = [];

before(async () => {
  const config = join(folder, 'config.toml');
  writeFileSync(
    config,
    `version = 2
root = "${join(folder, 'root')}"
state = "${join(folder, 'state')}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${socket}"
  uid = ${process.getuid?.() ?? 0}
  gid = ${process.getgid?.() ?? 0}
`,
  );
  service = spawn('containerd', ['-c', config], { stdio: 'ignore' });
  for (let left = 1200; left > 0 && !existsSync(socket); left -= 1) await wait(100);
  const words = ['-a', socket, '-n', 'test', 'images', 'import', '--no-unpack', archive];
  run('ctr', words, folder);
});

after(() => {
  service?.kill('SIGKILL');
  for (const session of sessions) session.destroy();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function look(reference: string, env: Record<string, string>): Promise<readonly string[]> {
  const remote = { ...noRemoteOptions, env };
  const source = await openTarget(reference, { platform: null, limits: defaultLimits, remote });
  try {
    const lines: string[] = [];
    for (const { platform, config, layers, problems } of source.targets) {
      lines.push(`${platform} ${config?.entrypoint} ${problems.map(({ message }) => message)}`);
      for (const { diffId, entries } of layers) {
        lines.push(`${diffId}`);
        for await (const { path, size, mode } of entries(() => {}))
          lines.push(`${path} ${size} ${mode}`);
      }
    }
    return lines;
  } finally {
    await source.close();
  }
}

async function failure(reference: string, env: Record<string, string>): Promise<string> {
  try {
    return (await look(reference, env)).join();
  } catch (error) {
    assert.ok(error instanceof DamagedInput || error instanceof UsageError, String(error));
    return `${error.name}: ${error.message}`;
  }
}

const here = { CONTAINERD_ADDRESS: socket, CONTAINERD_NAMESPACE: 'test' };

test('what containerd has imported is what the archive holds, by its whole name and as Docker says it', async () => {
  const want = await look(archive, {});
  assert.ok(want.length > 20);
  const names = ['docker.io/sample/alpine-app:1.0', 'sample/alpine-app:1.0'];
  for (const name of names) assert.deepEqual(await look(`containerd:${name}`, here), want);
  const env = { ...here, CONTAINERD_ADDRESS: `unix://${socket}` };
  assert.deepEqual(await look(`containerd:${names[0]}`, env), want);
});

test('what is not there is said with what is', async () => {
  assert.match(
    await failure('containerd:sample/alpine-app:2.0', here),
    /^UnreadablePart: containerd has no image sample\/alpine-app:2.0 in the namespace test, but docker.io\/sample\/alpine-app:1.0; /,
  );
  assert.match(
    await failure('containerd:sample/alpine-app:1.0', { CONTAINERD_ADDRESS: socket }),
    /in the namespace default, but none; its namespaces \(CONTAINERD_NAMESPACE\) are test$/,
  );
  assert.match(
    await failure('containerd:x', { CONTAINERD_ADDRESS: '/no/such' }),
    /^UnreadablePart: \/no\/such cannot be reached: no such file or directory$/,
  );
});

test('an image is found by its digest, with its name or without', async () => {
  const listed = run('ctr', ['-a', socket, '-n', 'test', 'images', 'ls'], folder);
  const digest = /sha256:[0-9a-f]{64}/.exec(listed)?.[0] ?? '';
  const want = await look(archive, {});
  for (const name of [
    'sample/alpine-app:1.0@',
    'sample/alpine-app@',
    'docker.io/sample/alpine-app@',
    '@',
    '',
  ])
    assert.deepEqual(await look(`containerd:${name}${digest}`, here), want, name);
  const index = JSON.parse(
    run('ctr', ['-a', socket, '-n', 'test', 'content', 'get', digest], folder),
  );
  for (const { digest: inner } of index.manifests ?? [])
    assert.deepEqual(await look(`containerd:sample/alpine-app:1.0@${inner}`, here), want);
  assert.match(
    await failure(`containerd:sample/other@${digest}`, here),
    /containerd has no image sample\/other@sha256:/,
  );
  assert.match(
    await failure(`containerd:sample/alpine-app@sha256:${'0'.repeat(64)}`, here),
    /containerd has no image sample\/alpine-app@sha256:0/,
  );
});

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

async function listen(name: string, answer: Answer): Promise<string> {
  const path = join(folder, name);
  const server = createServer();
  servers.push(server);
  server.on('session', (session) => sessions.push(session));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    answer(stream, headers);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

const failures: readonly {
  readonly name: string;
  readonly answer: Answer;
  readonly says: RegExp;
}[] = [
  {
    name: 'refuses',
    answer: (stream) =>
      stream.respond(
        { ':status': 200, 'grpc-status': '7', 'grpc-message': 'not%20you' },
        { endStream: true },
      ),
    says: /^UnreadablePart: .*refuses \(gRPC status 7\): not you$/,
  },
  {
    name: 'breaks off',
    answer: (stream) => {
      stream.respond({ ':status': 200 });
      stream.write(Buffer.from([0, 0, 0, 0, 9, 1]), () => stream.close());
    },
    says: /^UnreadablePart: .*broke off$/,
  },
  {
    name: 'goes away',
    answer: (stream) => stream.session?.destroy(),
    says: /^UnreadablePart: .*(?:broke off|cannot be reached: )/,
  },
  {
    name: 'speaks another language',
    answer: (stream) => {
      stream.respond({ ':status': 404 });
      stream.end('404 page not found');
    },
    says: /^MalformedInput: the answer is not a gRPC message: 3430342070$/,
  },
  {
    name: 'promises too much',
    answer: (stream) => {
      stream.respond({ ':status': 200 });
      stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]));
    },
    says: /^MalformedInput: the answer is not a gRPC message: 00ffffffff$/,
  },
  {
    name: 'sends no message of Protocol Buffers',
    answer: (stream) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.from([0, 0, 0, 0, 2, 0x0a, 0x7f]));
    },
    says: /^MalformedInput: the answer is not a Protocol Buffers message: 127 bytes are expected at 2 of 2$/,
  },
];

for (const { name, answer, says } of failures) {
  test(`a server that ${name} is one clear error`, { timeout: 300_000 }, async () => {
    const address = await listen(`${name.replaceAll(' ', '-')}.sock`, answer);
    assert.match(await failure('containerd:sample/app:1', { CONTAINERD_ADDRESS: address }), says);
  });
}
