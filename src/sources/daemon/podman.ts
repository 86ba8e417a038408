import type { RemoteSource } from '../remote/remote-source.ts';
import { openDaemon } from './open-daemon.ts';

export default {
  scheme: 'podman',
  summary: 'an image in podman, by name or ID',
  recognised: null,
  opens: 'images',
  open: (image, options) => openDaemon('podman', image, options),
} satisfies RemoteSource;
