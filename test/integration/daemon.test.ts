import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
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

/** podman's own service, and for docker a server that behaves as the Engine API documents. */
const folder = mkdtempSync(join(tmpdir(), 'daemon-test-'));
const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const podman = [
  '--root',
  join(folder, 'root'),
  '--runroot',
  join(folder, 'run'),
  '--storage-driver',
  'vfs',
];
const socket = join(folder, 'podman.sock');
let service: ChildProcess | null = null;
const servers: Server[] = [];

before(async () => {
  run('podman', [...podman, 'load', '-q', '-i', archive], folder);
  service = spawn('podman', [...podman, 'system', 'service', '--time=0', `unix://${socket}`], {
    stdio: 'ignore',
  });
  for (let left = 1200; left > 0 && !existsSync(socket); left -= 1) await wait(100);
});

after(() => {
  service?.kill('SIGKILL');
  for (const server of servers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

async function look(reference: string, env: Record<string, string>): Promise<readonly string[]> {
  const remote = { ...noRemoteOptions, env };
  const source = await openTarget(reference, { platform: null, limits: defaultLimits, remote });
  const lines: string[] = [];
  for (const { digest, platform, config, layers, problems } of source.targets) {
    lines.push(
      `${digest} ${platform} ${config?.entrypoint} ${problems.map(({ message }) => message)}`,
    );
    for (const { diffId, entries } of layers) {
      lines.push(`${diffId}`);
      for await (const { path, size, mode } of entries(() => {}))
        lines.push(`${path} ${size} ${mode}`);
    }
  }
  await source.close();
  return lines;
}

async function failure(reference: string, env: Record<string, string>): Promise<string> {
  try {
    return (await look(reference, env)).join();
  } catch (error) {
    assert.ok(error instanceof DamagedInput || error instanceof UsageError, String(error));
    return `${error.name}: ${error.message}`;
  }
}

async function listen(name: string, answer: RequestListener): Promise<string> {
  const path = join(folder, name);
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return `unix://${path}`;
}

const name = 'sample/alpine-app:1.0';

test('what podman has loaded is what the archive holds', async () => {
  const want = await look(archive, {});
  assert.ok(want.length > 20);
  assert.deepEqual(await look(`podman:${name}`, { CONTAINER_HOST: `unix://${socket}` }), want);
});

test('podman says so when it has no such image', async () => {
  assert.match(
    await failure('podman:no/such:image', { CONTAINER_HOST: `unix://${socket}` }),
    /^UnreadablePart: .*podman.sock: no\/such:image: it has no such image: pull it first$/,
  );
});

test('the image is requested from docker by its name, over the socket of DOCKER_HOST', async () => {
  const asked: string[] = [];
  const host = await listen('docker.sock', (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end(readFileSync(archive));
  });
  assert.deepEqual(await look(`docker:${name}`, { DOCKER_HOST: host }), await look(archive, {}));
  assert.deepEqual(asked, ['GET /v1.40/images/sample%2Falpine-app%3A1.0/get']);
});

test('an export that breaks off is damage, with what came before', async () => {
  const host = await listen('cut.sock', (_, response) => {
    response.write(readFileSync(archive).subarray(0, 100_000), () => response.destroy());
  });
  assert.match(await failure(`docker:${name}`, { DOCKER_HOST: host }), /cut.sock broke off: /);
});

const refusals = [
  {
    reference: 'docker:x',
    env: { DOCKER_HOST: 'ssh://host' },
    says: /^UsageError: DOCKER_HOST is ssh:\/\/host, expected unix:/,
  },
  {
    reference: 'docker:x',
    env: { DOCKER_HOST: 'tcp://127.0.0.1:1' },
    says: /^UnreadablePart: tcp:\/\/127.0.0.1:1 cannot be reached: connection refused$/,
  },
  {
    reference: 'docker:x',
    env: { DOCKER_HOST: 'unix:///no/such' },
    says: /^UnreadablePart: \/no\/such cannot be reached: no such file/,
  },
  {
    reference: 'docker:a b',
    env: {},
    says: /^UsageError: docker: "a b" is not the name or ID of an image$/,
  },
  {
    reference: 'podman:x',
    env: { XDG_RUNTIME_DIR: '/no/such' },
    says: /^UsageError: there is no podman here: CONTAINER_HOST is not set, and none of these sockets exists: \/no\/such\/podman\/podman.sock/,
  },
];

for (const { reference, env, says } of refusals) {
  test(`${reference} with ${JSON.stringify(env)} is one sentence`, async () => {
    assert.match(await failure(reference, env), says);
  });
}
