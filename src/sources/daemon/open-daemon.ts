import { UsageError } from '../../base/errors.ts';
import { openStream } from '../input/open-input.ts';
import { noRemoteOptions } from '../remote/remote-options.ts';
import type { OpenSource, SourceOptions } from '../source.ts';
import { exportImage } from './export-image.ts';
import { type Engine, findEndpoint } from './sockets.ts';

/** What the daemon exports is kept in a temporary file without a name, and read as the archive of `docker save` it is. */
export async function openDaemon(
  engine: Engine,
  image: string,
  options: SourceOptions,
): Promise<OpenSource> {
  if (!/^[\w./:@-]+$/.test(image))
    throw new UsageError(`${engine}: ${JSON.stringify(image)} is not the name or ID of an image`);
  const endpoint = findEndpoint(engine, options.remote ?? noRemoteOptions);
  const chunks = await exportImage(endpoint, image);
  const { input, close } = await openStream(image, chunks, options.limits);
  try {
    const { default: archive } = await import('../docker-archive.ts');
    const targets = await archive.open(input, options);
    const named = targets.map(({ namedBy, ...target }) => ({
      ...target,
      scheme: engine,
      name: image,
    }));
    return { targets: named, close: async () => close() };
  } catch (error) {
    close();
    throw error;
  }
}
