import { posix } from 'node:path';
import { pythonName } from '../../base/python-name.ts';
import { isWheel } from '../../identity/python-name.ts';
import type { Judged, TargetReport } from '../../report/report.ts';

/** Folders by their real, absolute paths. */
export interface Repository {
  /** What viewers take relative locations from. */
  readonly root: string;
  /** What the names of targets are relative to. */
  readonly cwd: string;
}

export interface AlertNames {
  /**
   * `library/alpine` of `registry.example.org:5000/library/alpine:3.20@sha256:...`; of what lies on a disk its path in the
   * repository, or its file name where it lies elsewhere.
   */
  nameOf(target: TargetReport): string;
  /**
   * A relative path in percent-encoding, free of tag, digest and host folder: a viewer that knows this name knows the
   * binary of the next build too. A colon or `://` in it would be taken for a URI scheme, and the whole file refused.
   */
  uriOf(target: TargetReport, judged: Judged): string;
  /**
   * The binary in its target. Of a target that is a file itself, its path in the repository, or its name where it lies
   * elsewhere: no folder of this machine is in it.
   */
  portablePathOf(target: TargetReport, judged: Judged): string;
  /** Whether `uriOf` names a file of the repository. */
  isInRepository(target: TargetReport): boolean;
  /** Its name is a path: images and packages have names of their own. */
  isOnDisk(target: TargetReport): boolean;
}

/** null: the root of the repository is not known. Then locations are relative to the working directory. */
export function createAlertNames(repository: Repository | null | undefined): AlertNames {
  const placeOf = (target: TargetReport) =>
    isOnDisk(target) ? placeIn(repository ?? null, target.name) : null;
  const isInRepository = (target: TargetReport) => placeOf(target)?.isKnown === true;
  const nameOf = (target: TargetReport) => {
    const { name, kind } = target;
    if (!isOnDisk(target)) return kind === 'package' ? packageName(target) : imageName(name);
    const path = placeOf(target)?.path ?? fileNameOf(name);
    return path.replace(archiveEnding, '') || 'root';
  };
  const portablePathOf = (target: TargetReport, { path }: Judged) => {
    if (target.kind !== 'file' || !path.startsWith(target.name)) return path;
    const place = placeOf(target)?.path ?? fileNameOf(target.name);
    return `${place}${path.slice(target.name.length)}`;
  };
  return {
    nameOf,
    portablePathOf,
    isInRepository,
    isOnDisk,
    uriOf(target, judged) {
      const { kind, platform } = target;
      const own = portablePathOf(target, judged);
      if (isInRepository(target)) return encodePath(fileOf(target, placeOf(target)?.path, own));
      // The same path of another platform is another file.
      const image = [nameOf(target), ...(platform === null ? [] : [platform])].join('/');
      return encodePath(kind === 'file' ? own : `${image}/${own}`);
    },
  };
}

/** The file that is there: of an archive, and of what lies in a container, the archive or the container. */
function fileOf(target: TargetReport, place = '', own: string): string {
  const container = own.includes('!/') ? beforeMark(own) : own;
  if (target.kind === 'file') return container;
  return isDirectory(target) ? `${place}/${container}` : beforeMark(place);
}

/** `app.jar!/lib/a.so` and `disk.img!root` are in what stands before the mark. */
function beforeMark(path: string): string {
  return path.replace(/!.*$/s, '');
}

/** Reports do not say what a name was, but archives have their endings, and formats their schemes. */
function isDirectory({ scheme, name }: TargetReport): boolean {
  return scheme === 'dir' || (/^(?:rootfs|folder)$/.test(scheme) && !archiveEnding.test(name));
}

/** Images have names of their own, and so has a package that says `NAME VERSION`; another one is called by its path. */
function isOnDisk({ kind, name }: TargetReport): boolean {
  return kind === 'package' ? !name.includes(' ') : kind !== 'image';
}

interface Place {
  /** Of the repository; else of the working directory. */
  readonly path: string;
  readonly isKnown: boolean;
}

const standardInput = '-';

/** null for what lies outside both. */
function placeIn(repository: Repository | null, name: string): Place | null {
  if (repository !== null && name !== standardInput) {
    const path = posix.relative(repository.root, posix.resolve(repository.cwd, name));
    if (!isOutside(path)) return { path: path || '.', isKnown: true };
  }
  const path = posix.normalize(name).replace(/\/$/, '');
  return isOutside(path) ? null : { path, isKnown: false };
}

function isOutside(path: string): boolean {
  return path.startsWith('/') || path === '..' || path.startsWith('../');
}

/** Percent-encodes each segment; `.`, `..` and empty ones are left out. */
export function encodePath(path: string): string {
  const segments = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return segments.map(encodeSegment).join('/') || 'root';
}

function encodeSegment(segment: string): string {
  // encodeURIComponent throws on a lone surrogate, and leaves a few characters that viewers trip over.
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const archiveEnding = /\.(?:oci|tar|tgz|tar\.\w{1,4})$/;

function packageName(target: TargetReport): string {
  const name = target.name.split(' ', 1)[0] || 'package';
  return isWheel(target) ? pythonName(name) : name;
}

function imageName(name: string): string {
  const untagged = name.replace(/@[^/]*$/, '').replace(/:[^/:]*$/, '');
  return isPath(untagged) ? fileNameOf(untagged) : repositoryOf(untagged);
}

/** Images that name no repository are called by the path they were given by. */
function isPath(name: string): boolean {
  return /^\.{0,2}\//.test(name) || archiveEnding.test(name);
}

function fileNameOf(path: string): string {
  const file = path.split('/').findLast((part) => part !== '' && part !== '.' && part !== '..');
  return file?.replace(archiveEnding, '') || 'root';
}

function repositoryOf(untagged: string): string {
  const [first = '', ...rest] = untagged.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return (isHost ? rest.join('/') : untagged) || 'image';
}
