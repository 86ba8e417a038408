import type { ImageConfig } from '../../../src/base/image-config.ts';

export function configOf(given: Partial<ImageConfig>): ImageConfig {
  return {
    created: null,
    user: '',
    entrypoint: [],
    cmd: [],
    env: [],
    workingDirectory: '',
    labels: {},
    ...given,
  };
}
