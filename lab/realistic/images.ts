import { debianImages } from './debian-images.ts';
import { otherImages } from './other-images.ts';
import type { RealisticImage } from './realistic-image.ts';

export const images: readonly RealisticImage[] = [...debianImages, ...otherImages];
