import { alternativesOf, compileGlob } from '../base/glob.ts';
import { oncePer } from '../base/once-per.ts';
import { isReference } from '../report/is-reference.ts';
import type { TargetReport } from '../report/report.ts';
import { parseReference } from '../sources/registry/reference.ts';

/** What is called by a name: all that a selector of images looks at. */
export type NamedTarget = Pick<TargetReport, 'name' | 'scheme' | 'kind' | 'namedBy' | 'digest'>;

export interface ImageName {
  /**
   * Without tag and digest: `docker.io/library/alpine`, as Docker writes it out. Of a local input that carries no name its
   * file name, `app.tar`; of a package by itself the name of the package.
   */
  readonly repository: string;
  /** null: none is given, which for an image means `latest` unless it has a digest. */
  readonly tag: string | null;
  /** Who says so: the user, or what is scanned, whose maker writes any name that they like. */
  readonly by: 'user' | 'content';
}

export function imageNameOf(target: NamedTarget): ImageName {
  const { name, kind } = target;
  const by = isSaidByUser(target) ? 'user' : 'content';
  if (kind === 'image' && isReference(target)) {
    const { repository, tag } = referenceOf(name);
    return { repository, tag, by };
  }
  if (kind === 'package' && target.namedBy === 'content')
    return { repository: name.split(' ', 1)[0] ?? name, tag: null, by };
  const { path, tag } = pathOf(target);
  return { repository: path.slice(path.lastIndexOf('/') + 1), tag, by };
}

/** `maybe`: it is called by its digest alone, and the glob is for some tags of its name. */
export type Fit = 'yes' | 'maybe' | 'no';

/**
 * Globs of names of images. A short name means what it means to Docker: `alpine` is `docker.io/library/alpine` (and
 * `localhost/alpine`, as Podman calls what it builds), `acme/app` is `docker.io/acme/app`; `**` + `/app` is any `app`. A glob
 * with a tag or a digest is held against these too. A local input without a name is matched by its path or file name.
 * Throws UsageError for a glob that makes no sense.
 */
export function compileImages(globs: readonly string[]): (target: NamedTarget) => boolean {
  const fits = compileImageFits(globs);
  return (target) => fits(target) === 'yes';
}

/** The same, for those who must not pass over an image that may be meant. One policy is for many reports. */
export const compileImageFits = oncePer((globs: readonly string[]) => {
  const compiled = globs.flatMap(alternativesIn).map(compileImage);
  return (target: NamedTarget): Fit => {
    const forms = knownForms(target);
    let best: Fit = 'no';
    for (const each of compiled) {
      const fit = each(forms);
      if (fit === 'yes') return fit;
      if (fit === 'maybe') best = fit;
    }
    return best;
  };
});

/** An image is held against each selector. */
const knownForms = oncePer(formsOf);

/** All that a name may be written as. */
interface Forms {
  readonly names: readonly string[];
  /** Behind a colon, and an at sign. */
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  /** The user gave its digest instead of a tag. */
  readonly isTagOpen: boolean;
}

/** Each has one tag and one digest at most: braces may have these signs inside them. */
function alternativesIn(glob: string): readonly string[] {
  if (!glob.includes('{')) return [glob];
  compileGlob(glob);
  return alternativesOf(glob);
}

function compileImage(glob: string): (forms: Forms) => Fit {
  const [bare = '', digest] = splitAt(glob, '@');
  const lastAt = bare.lastIndexOf('/') + 1;
  const [last = '', tag] = splitAt(bare.slice(lastAt), ':');
  // With a slash in front a glob is held against all of a name, and not against its last part.
  const matches = compileGlob(`/${bare}`);
  const matchesName = tag === undefined ? matches : compileGlob(`/${bare.slice(0, lastAt)}${last}`);
  const isOfAnyTag = tag === undefined || /^\*+$/.test(tag);
  return ({ names, tags, digests, isTagOpen }) => {
    if (digest !== undefined && !digests.includes(digest.toLowerCase())) return 'no';
    const isMeant =
      tag === undefined || isTagOpen
        ? names.some((name) => matchesName(`/${name}`))
        : names.some((name) => tags.some((each) => matches(`/${name}:${each}`)));
    if (!isMeant) return 'no';
    return isTagOpen && !isOfAnyTag ? 'maybe' : 'yes';
  };
}

/** At the last of these signs that is outside of brackets. */
function splitAt(text: string, sign: string): readonly string[] {
  const masked = text.replace(/\\.|\[[^\]]*\]/gs, (part) => '\0'.repeat(part.length));
  const at = masked.lastIndexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function formsOf(target: NamedTarget): Forms {
  const { repository, tag } = imageNameOf(target);
  // Registries and daemons are held to the digest that the user gave, and nobody to one that content gives itself.
  const inName = target.namedBy === 'content' ? undefined : digestIn(target.name);
  const digests = [target.digest, inName].filter((each) => typeof each === 'string');
  const isPath = target.kind !== 'image' || !isReference(target);
  if (isPath) {
    const names = [repository, ...(target.namedBy === 'content' ? [] : [pathOf(target).path])];
    return { names, tags: tag === null ? [] : [tag], digests, isTagOpen: false };
  }
  const isTagOpen = tag === null && inName !== undefined;
  const tags = isTagOpen ? [] : [tag ?? 'latest'];
  return { names: [repository, ...shorterOf(repository)], tags, digests, isTagOpen };
}

function shorterOf(repository: string): readonly string[] {
  const [, onHub] = /^docker\.io\/(.+)$/.exec(repository) ?? [];
  const [, official] = /^library\/(.+)$/.exec(onHub ?? '') ?? [];
  const [, local] = /^localhost\/(.+)$/.exec(repository) ?? [];
  return [
    ...(onHub === undefined ? [] : [onHub]),
    ...(official === undefined ? [] : [official, `docker.io/${official}`]),
    ...(local === undefined ? [] : [local]),
  ];
}

function digestIn(name: string): string | undefined {
  return /@(\w+:[0-9a-f]+)$/.exec(name)?.[1];
}

/**
 * The user said what it is called: no path, and no word of the content. What is not a valid name of an image (`acme//pay`, `Acme/pay`) may be
 * written so that no entry fits it.
 */
export function isNamedByUser(target: NamedTarget): boolean {
  return (
    isSaidByUser(target) &&
    isReference(target) &&
    !isResolvedByDaemon(target) &&
    parseReference(target.name) !== null
  );
}

/** A report of an older version does not say who gave the name: nobody knows that it was the user. */
export function isSaidByUser({ namedBy }: Pick<NamedTarget, 'namedBy'>): boolean {
  return namedBy === 'user' || namedBy === 'given';
}

/** An ID, or a name that Podman completes by what it has: only the daemon knows what the image is called. */
export function isResolvedByDaemon({ scheme, name }: NamedTarget): boolean {
  if (scheme !== 'docker' && scheme !== 'podman') return false;
  if (/^(?:sha256:)?[0-9a-f]+$/.test(name)) return true;
  return scheme === 'podman' && !/^(?:localhost|[^/]*[.:][^/]*)\//.test(name);
}

/** What an archive carries may be no reference at all: then only what looks like a tag and a digest is taken off. */
function referenceOf(name: string): Pick<ImageName, 'repository' | 'tag'> {
  const [, bare = name, tag] =
    /^(.*?)(?::([\w][\w.-]{0,127}))?(?:@\w+:[0-9a-f]+)?$/s.exec(name) ?? [];
  const parsed = parseReference(bare);
  const repository = parsed === null ? bare : `${parsed.registry}/${parsed.repository}`;
  return { repository, tag: tag ?? null };
}

/** Of an OCI layout a tag follows, which is the name that the layout gives. */
function pathOf({ name, scheme, kind }: NamedTarget): {
  readonly path: string;
  readonly tag: string | null;
} {
  const isLayout = kind === 'image' && scheme.startsWith('oci-');
  const [, before, tag = null] =
    (isLayout ? /^(.*?):([\w][\w.-]{0,127})$/s.exec(name) : null) ?? [];
  const path = (before ?? name).replace(/^(?:\.\/+)+/, '').replace(/(?<=.)\/+$/, '');
  return { path, tag };
}
