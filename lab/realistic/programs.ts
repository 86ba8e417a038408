import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../test/support/repository.ts';

/** How one program is built. What a verdict has to be follows from these flags alone: see answer.ts. */
export interface Build {
  readonly by: 'gcc' | 'musl-gcc' | 'musl-static-pie' | 'go' | 'rustc';
  readonly source: string;
  readonly flags: readonly string[];
}

const sources = join(repositoryRoot, 'lab/realistic/sources');

const muslCompiler = join(repositoryRoot, 'scripts/musl-cc.sh');

const compiled = ['-O2', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2', '-fstack-protector-strong'];
const clashing = ['-fstack-clash-protection', '-fcf-protection'];
const linked = ['-Wl,-z,relro,-z,now', '-Wl,-z,noexecstack'];

/** Everything that an audit requires. */
export const hardened: Build = {
  by: 'gcc',
  source: 'service.c',
  flags: [...compiled, ...clashing, '-fPIE', '-pie', ...linked],
};
/** A Makefile of twenty years ago. */
export const legacy: Build = {
  by: 'gcc',
  source: 'service.c',
  flags: ['-O2', '-fno-stack-protector', '-no-pie', '-Wl,-z,norelro', '-Wl,-z,execstack'],
};
/** What an upstream's compiler does by default where no distribution patched it. */
export const plain: Build = {
  by: 'gcc',
  source: 'service.c',
  flags: ['-O2', '-fno-stack-protector', '-fPIE', '-pie', '-Wl,-z,relro'],
};
export const extension: Build = {
  by: 'gcc',
  source: 'extension.c',
  flags: [...compiled, ...clashing, '-fPIC', '-shared', ...linked],
};
export const bareExtension: Build = {
  by: 'gcc',
  source: 'extension.c',
  flags: ['-O2', '-fno-stack-protector', '-fPIC', '-shared', '-Wl,-z,relro,-z,now'],
};
export const muslHardened: Build = { ...hardened, by: 'musl-gcc' };
export const muslLegacy: Build = { ...legacy, by: 'musl-gcc' };
export const muslStatic: Build = {
  by: 'musl-static-pie',
  source: 'service.c',
  flags: [...compiled, ...clashing, ...linked],
};
export const muslStaticPlain: Build = {
  by: 'musl-gcc',
  source: 'service.c',
  flags: ['-O2', '-fno-stack-protector', '-no-pie', '-static'],
};
/** As `CGO_ENABLED=0 go build` makes it: a fixed address, and no C in it. */
export const goDefault: Build = { by: 'go', source: 'service.go', flags: ['-trimpath'] };
export const goPie: Build = { ...goDefault, flags: ['-trimpath', '-buildmode=pie'] };
/** As cargo makes it for musl: a static program at any address. */
export const rustMusl: Build = {
  by: 'rustc',
  source: 'tool.rs',
  flags: ['--edition=2021', '-O', '--target=x86_64-unknown-linux-musl', '-Cstrip=symbols'],
};

/** Writes the program to `out`; throws where its compiler fails. */
export function build({ by, source, flags }: Build, out: string): void {
  const input = join(sources, source);
  const run = (command: string, words: readonly string[], env = {}) =>
    execFileSync(command, words, { env: { ...process.env, ...env }, stdio: 'inherit' });
  switch (by) {
    case 'go':
      run('go', ['build', ...flags, '-o', out, input], {
        CGO_ENABLED: '0',
        GOOS: 'linux',
        GOARCH: 'amd64',
        GOFLAGS: '',
      });
      return;
    case 'rustc':
      run('rustc', [...flags, '-o', out, input], { RUSTFLAGS: '' });
      return;
    // What Debian's musl-gcc makes of -static-pie requires a loader.
    case 'musl-static-pie':
      run('bash', [muslCompiler, 'x86_64', 'gcc', 'staticpie', '-s', ...flags, '-o', out, input]);
      return;
    default:
      run(by, ['-s', ...flags.filter(isOfCompiler), '-o', out, input, ...flags.filter(isOfLinker)]);
  }
}

function isOfLinker(flag: string): boolean {
  return flag.startsWith('-Wl,');
}

function isOfCompiler(flag: string): boolean {
  return !isOfLinker(flag);
}
