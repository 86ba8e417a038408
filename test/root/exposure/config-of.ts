import type { ImageConfig } from '../../../src/sources/source.ts';

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
