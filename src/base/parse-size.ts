import { UsageError } from './errors.ts';

const units = ['', 'K', 'M', 'G', 'T'];

/** For example `1G`, for help; `parseSize` reads it. */
export function shortSize(bytes: number): string {
  const unit = units.findLastIndex((_, power) => bytes % 1024 ** power === 0);
  return `${bytes / 1024 ** unit}${units[unit]}`;
}

/** Bytes of `512M`, `1.5GiB` or `4096`; units are powers of 1024. Throws UsageError. */
export function parseSize(option: string, text: string): number {
  const match = /^(?<number>\d{1,15}(?:\.\d{1,3})?)(?<unit>[KMGT]?)(?:i?B)?$/i.exec(text);
  const unit = units.indexOf(match?.groups?.['unit']?.toUpperCase() ?? '');
  const bytes = Math.floor(Number(match?.groups?.['number']) * 1024 ** unit);
  if (!Number.isSafeInteger(bytes) || bytes < 1) {
    throw new UsageError(`${option} is ${text}, expected a size such as 4096, 512M or 2G`);
  }
  return bytes;
}
