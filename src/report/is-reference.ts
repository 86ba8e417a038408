import type { TargetReport } from './report.ts';

/** Where the name is the reference that the user gave, and not a path. */
export const referenceSchemes: readonly string[] = ['containerd', 'docker', 'podman', 'registry'];

/** A name that the user selects in an archive of docker save has a tag, as all names in it do; otherwise it is the path. */
export function isReference({
  scheme,
  namedBy,
  name,
}: Pick<TargetReport, 'scheme' | 'namedBy' | 'name'>): boolean {
  const isSelected = scheme === 'docker-archive' && /:[\w][\w.-]{0,127}$/.test(name);
  const isWhole = namedBy === 'content' || namedBy === 'user';
  return isWhole || isSelected || referenceSchemes.includes(scheme);
}
