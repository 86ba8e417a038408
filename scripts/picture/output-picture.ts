import { main } from '../../src/cli/main.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { terminalPicture } from './terminal-picture.ts';

/** Rules of three kinds, so that the report fits a page. */
const argv = [
  'samples/images/alpine-app.docker.tar',
  ...['pie', 'relro', 'musl-linkage'].flatMap((rule) => ['--rule', rule]),
];

/** docs/output.svg: what hullcheck prints for the sample image at a terminal of 80 columns. */
export async function outputPicture(): Promise<string> {
  let output = '';
  const stdout = {
    isTty: true,
    columns: 80,
    write: async (text: string | Buffer) => {
      output += text;
    },
  };
  const stderr = { ...stdout, isTty: false, write: async () => {} };
  const env = { FORCE_COLOR: '1' };
  // The date matters only to waivers, and there are none.
  const surroundings = { stdout, stderr, env, cwd: repositoryRoot, today: '2026-01-01' };
  const exitCode = await main([...argv, '--no-cache'], surroundings);
  if (exitCode !== 1) throw new Error(`the sample image gives exit code ${exitCode}, expected 1`);
  return terminalPicture(`hullcheck ${argv.join(' ')}`, output);
}
