import type { Verdict } from '../../src/base/verdict.ts';

/**
 * Whether `entrypoint-starts` says that an image starts on a kernel of 64 bits, which is what cases are started on. The rule says
 * it only of an image whose whole start succeeds there: any other cause makes another message, and is compared as it is.
 */
export function startsHere({ outcome, message }: Pick<Verdict, 'outcome' | 'message'>): boolean {
  return outcome === 'pass' || (outcome === 'fail' && onLargerKernel.test(message));
}

const onLargerKernel = /^it starts only on a 64-bit kernel:/;
