import type { Verdict } from '../../src/base/verdict.ts';

/** Whether `entrypoint-starts` says that an image starts on a kernel of 64 bits, which is what cases are started on. */
export function startsHere({ outcome, message }: Pick<Verdict, 'outcome' | 'message'>): boolean {
  return outcome === 'pass' || /^it starts only on a 64-bit kernel:/.test(message);
}
