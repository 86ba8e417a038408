import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface RegistryServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  stop(): void;
}

/** Debian's docker-registry on loopback, all of one folder on the same storage. `extra` is YAML below `version`. */
export async function startRegistry(
  folder: string,
  name: string,
  extra: (host: string) => string = () => '',
  tls = '',
): Promise<RegistryServer> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const config = join(folder, `${name}.yml`);
  writeFileSync(
    config,
    `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${join(folder, 'storage')}}}
http: {addr: "${host}"${tls}}
${extra(host)}
`,
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  await answering(port, child);
  return { host, stop: () => void child.kill('SIGKILL') };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server: Server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let left = 1200; left > 0; left -= 1) {
    if (child.exitCode !== null) break;
    const up = await new Promise((resolve) => {
      const probe = request({ port, host: '127.0.0.1', path: '/v2/' }, (response) => {
        response.resume();
        resolve(true);
      });
      probe.on('error', (error) => resolve('code' in error && error.code !== 'ECONNREFUSED'));
      probe.end();
    });
    if (up) return;
    await wait(100);
  }
  throw new Error(
    'docker-registry does not start: install the packages of scripts/system-packages.sh',
  );
}

export function run(command: string, args: readonly string[], cwd: string, input = ''): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    input,
    encoding: 'utf8',
  });
  if (error) throw new Error(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
