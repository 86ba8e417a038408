import type { ImageConfig } from '../../../base/image-config.ts';

/** What runtimes set where an image does not (moby, DefaultPathEnvUnix). */
export const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The value that a variable of the image's environment has in its process; null where it is not set. The last line counts. */
export function environmentOf({ env }: Pick<ImageConfig, 'env'>, name: string): string | null {
  const setting = env.findLast((entry) => entry.startsWith(`${name}=`));
  return setting?.slice(name.length + 1) ?? null;
}

export function pathVariable(config: Pick<ImageConfig, 'env'>): string {
  return environmentOf(config, 'PATH') ?? usualPath;
}
