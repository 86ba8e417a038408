import type { RemoteSource } from '../remote/remote-source.ts';
import { openDaemon } from './open-daemon.ts';

export default {
  scheme: 'docker',
  summary: 'an image in Docker, by name or ID',
  recognised: null,
  opens: 'images',
  open: (image, options) => openDaemon('docker', image, options),
} satisfies RemoteSource;
