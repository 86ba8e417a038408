import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as runTool, startRegistry } from '../test/integration/registry-server.ts';
import { modulePath, program } from '../test/support/program.ts';
import { makeImage } from './make-image.ts';
import { compare, describe, median, type Run, run } from './measure.ts';

// node dist/bench/streaming.js [ROUNDS [GIGABYTES]]: an image in a registry on this machine (Debian's docker-registry) against
// the same image as an OCI layout. Without a folder for temporary files, so that none can be written.
const rounds = Number(process.argv[2] ?? 3);
const gigabytes = Number(process.argv[3] ?? 1.5);
const folder = join(tmpdir(), 'hullcheck-bench');
mkdirSync(folder, { recursive: true });
const image = await makeImage(join(folder, `image-gzip-${gigabytes}`), {
  bytes: gigabytes * 1e9,
  count: 6,
  compression: 'gzip',
});
const storage = mkdtempSync(join(folder, 'registry-'));
const server = await startRegistry(storage, 'bench');
try {
  const to = `docker://${server.host}/bench:v1`;
  runTool('skopeo', ['copy', '-q', '--dest-tls-verify=false', `oci:${image.folder}`, to], storage);
  process.env['TMPDIR'] = '/nonexistent';
  const scan = (...words: string[]) => {
    const cli = [program, 'scan', '-q', '--no-cache', '-o', 'json=/dev/null'];
    return run('node', ['--import', modulePath('bench/print-peak'), ...cli, ...words]);
  };
  const pull = () => scan(`registry:${server.host}/bench:v1`, '--insecure-http', server.host);
  const found = await compare(
    'from a registry against from a layout',
    pull,
    () => scan(`oci-dir:${image.folder}`),
    rounds,
  );
  const cpu = (runs: readonly Run[]) =>
    median(runs.map(({ cpuSeconds }) => cpuSeconds ?? Number.NaN)).toFixed(2);
  const codes = [...found.ours, ...found.theirs].map(({ exitCode }) => exitCode);
  const local = Math.max(...found.theirs.map(({ peak }) => peak ?? 0)).toFixed(0);
  console.log(
    `${describe(found)}; processor time ${cpu(found.ours)} s against ${cpu(found.theirs)} s; the layout's peak ${local} MiB; exit codes ${[...new Set(codes)]}`,
  );
} finally {
  server.stop();
  rmSync(storage, { recursive: true });
}
