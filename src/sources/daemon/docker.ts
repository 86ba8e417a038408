import type { RemoteSource } from '../remote/remote-source.ts';
import { openDaemon } from './open-daemon.ts';

export default {
  scheme: 'docker',
  summary: 'an image that Docker has, by name or id',
  recognised: null,
  opens: 'images',
  open: (image, options) => openDaemon('docker', image, options),
} satisfies RemoteSource;
