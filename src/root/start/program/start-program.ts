import type { Damage } from '../../../base/verdict.ts';
import type { RootEntry } from '../../../layers/root.ts';
import { acceptedHere } from '../../accepted-here.ts';
import type { Binary } from '../../binaries.ts';
import type { Linkage } from '../../linkage/linkage.ts';
import { mayUse } from '../../rights/permission.ts';
import { cause, type StartCause } from '../cause.ts';
import type { Errno } from '../kernel/errno.ts';
import type { Execution, Started, Surroundings } from '../kernel/execution.ts';
import { type Walker, walkPath } from '../kernel/walk-path.ts';
import { notExecutable, reasonOf, undecidedBy } from '../kernel/walk-reasons.ts';
import { fails, type StartEnd, type StartLink, undecided } from '../start.ts';
import { linkageAtStart } from './linkage-at-start.ts';
import { loaderEnd } from './loader-end.ts';
import { fitOf } from './platform-machine.ts';

/** load_elf_binary of fs/binfmt_elf.c, and then the loader of the program. */
export function startProgram(
  around: Surroundings,
  { path, entry, words, script }: Execution,
  links: StartLink[],
): Started {
  const { image } = around;
  const at = image.found.findIndex((binary) => binary.entry.inode === entry.inode);
  const [binary, facts] = [image.found[at], image.facts[at]];
  if (binary === undefined || facts === undefined)
    return ending(undecided(`${entry.path} is not among the files that are judged`));
  const refused = kernelRefusal(binary, image, links);
  if (refused !== null) return endingAt(binary, refused);
  links.push({ what: 'kernel starts', saw: programText(path, binary) });
  if (!facts.linkage.known) {
    const because = `${entry.path}: ${facts.linkage.because}`;
    return endingAt(binary, ending(undecided(because, damageOf(facts.linkage))));
  }
  const linkage = facts.linkage.value;
  const missing = interpreterError(linkage, around, headerSizeOf(binary));
  if (missing !== null) return endingAt(binary, missing);
  const end =
    loaderEnd(path, linkageAtStart(binary, linkage, entry, around), links) ??
    firstFault(path, binary);
  return end === null
    ? { outcome: 'program', program: path, entry, words, script }
    : endingAt(binary, ending(end));
}

export function failure(errno: Errno, why: StartCause, because: string): Started {
  return { outcome: 'error', errno, cause: why, because, program: null };
}

function ending(end: StartEnd): Started {
  return { outcome: 'end', end };
}

function endingAt({ entry: { path: program } }: Binary, started: Started): Started {
  switch (started.outcome) {
    case 'program':
      return started;
    case 'error':
      return { ...started, program };
    case 'end':
      return started.end.state === 'starts' ? started : ending({ ...started.end, program });
  }
}

function damageOf({ cause }: { readonly cause: string }): Damage | undefined {
  return cause === 'damage' || cause === 'limit' ? cause : undefined;
}

function kernelRefusal(
  { entry, extraction }: Binary,
  { platform, root }: Surroundings['image'],
  links: StartLink[],
): Started | null {
  const { path } = entry;
  const { machine } = extraction.facts;
  const acceptance = acceptedHere(extraction, root);
  if (machine.known && platform !== null) {
    const fit = fitOf(platform, machine.value);
    const says = `${path} is for ${machine.value.name}, and the image for ${platform}`;
    if (fit === 'no') return failure('ENOEXEC', cause('machine', path), says);
    if (fit !== null && fit !== 'yes') {
      links.push({ what: 'machine', saw: says, narrower: { ...fit, path } });
    }
  }
  if (!acceptance.known)
    return ending(undecided(`${entry.path}: ${acceptance.because}`, damageOf(acceptance)));
  const { by, refusal: because, fault, errno = 'ENOEXEC' } = acceptance.value;
  if (by === 'kernel') return null;
  return fault === null
    ? failure(errno, cause('kernel', entry.path), `Linux does not start ${entry.path}: ${because}`)
    : ending(fails(cause('fault', entry.path), `${entry.path}: segmentation fault`, fault));
}

function firstFault(path: string, { extraction: { facts } }: Binary): StartEnd | null {
  const fault = facts.acceptance.known ? facts.acceptance.value.fault : null;
  if (fault === null) return null;
  return fails(cause('fault', path), `${path}: segmentation fault`, fault);
}

function programText(path: string, { entry, extraction }: Binary): string {
  const { machine } = extraction.facts;
  const way = path === entry.path ? path : `${path}, which is ${entry.path}`;
  return machine.known ? `${way}, for ${machine.value.name}` : way;
}

/** The kernel reads as much of a loader before it looks what it is, and without it gives EIO. */
function headerSizeOf({ extraction: { facts } }: Binary): number {
  return facts.machine.known && facts.machine.value.bits === 32 ? 52 : 64;
}

/** The file of PT_INTERP is opened by the kernel, as the user and from the working directory. */
function interpreterError(
  linkage: Linkage,
  { walker, directory }: Surroundings,
  headerSize: number,
): Started | null {
  if (linkage.where === 'bare-file' || linkage.interpreter === null) return null;
  const { interpreter } = linkage;
  const { name } = interpreter;
  const walk = walkPath(walker, directory, name);
  if (walk.outcome === 'undecided') return ending(undecidedBy(walk));
  if (walk.outcome === 'error')
    return failure(
      walk.errno,
      loaderCause(walk.errno, linkage),
      `its loader ${name} cannot be opened: ${reasonOf(walk, name)}${libcHere(linkage)}`,
    );
  const refused = refusal(walk.entry, walker);
  if (refused !== null)
    return failure(
      'EACCES',
      cause('closed', name),
      `its loader ${name} cannot be executed: ${refused}`,
    );
  switch (interpreter.state) {
    case 'found':
      return null;
    case 'unusable':
      return failure(
        walk.entry.size < headerSize ? 'EIO' : 'ELIBBAD',
        cause('loader', name),
        `its loader ${name} ${interpreter.because}`,
      );
    case 'relative':
    case 'missing':
      return ending(undecided(`its loader ${name} is found by the kernel, and not in the image`));
  }
}

function loaderCause(
  errno: Errno,
  { interpreter, loaders }: Extract<Linkage, { where: 'root' }>,
): StartCause {
  const name = interpreter?.name ?? '';
  if (errno === 'EACCES') return cause('closed', name);
  return cause(loaders[0]?.libc === 'musl' ? 'not-for-musl' : 'loader', name);
}

/** Most programs whose loader is missing were built for another libc. */
function libcHere({ loaders }: Extract<Linkage, { where: 'root' }>): string {
  const [loader] = loaders;
  return loader === undefined ? '' : `; the libc here is ${loader.libc} (${loader.path})`;
}

/** open_exec of fs/exec.c: a regular file that the user may execute. */
export function refusal(entry: RootEntry, walker: Walker): string | null {
  if (entry.type !== 'file') return `${entry.path} is a ${entry.type}`;
  return mayUse(entry, 'execute', walker.who) ? null : notExecutable(entry, walker);
}
