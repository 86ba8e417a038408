import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type Fact, known, notKnown } from '../../base/fact.ts';
import type { Extraction } from '../../extraction/extraction.ts';
import {
  type KernelConfiguration,
  largestConfiguration,
  looksLikeConfiguration,
  readConfiguration,
} from '../../facts/file/kernel-configuration.ts';
import { extractors, type FileFacts } from '../../facts/index.ts';
import type { Root } from '../../layers/root.ts';
import type { Binary } from '../binaries.ts';

/**
 * Where `make install` and distributions put the configuration of a kernel: next to it in /boot, which may be a file system of its
 * own, or with its modules; and what a running kernel shows of itself.
 */
const places =
  /^(?:\/(?:.*\/)?boot|)\/config-[^/]+$|\/lib\/modules\/[^/]+\/config$|\/proc\/config\.gz$/;

/** By its place and its first bytes: every project with Kconfig has files of such names. */
export function isKernelConfig(path: string, head: Buffer): boolean {
  if (head[0] === 0x23) return places.test(path) && looksLikeConfiguration(head);
  return isGzip(head) && path.endsWith('/proc/config.gz');
}

/** The configurations of kernels that a root holds, sorted by path, each as what is judged by the facts of a file. */
export function findKernelConfigs(root: Root, excludes: (path: string) => boolean): Binary[] {
  const found: Binary[] = [];
  for (const path of [...root.textPaths()].sort()) {
    const entry = places.test(path) ? root.entry(path) : undefined;
    if (entry?.type !== 'file' || excludes(path)) continue;
    const bytes = root.text(path);
    if (bytes === undefined || !isKernelConfig(path, bytes.subarray(0, 512))) continue;
    found.push({ entry, aliases: [], extraction: extractionOf(bytes) });
  }
  return found;
}

const notElf = notKnown('it is a text, not an ELF file');

function extractionOf(bytes: Buffer): Extraction {
  // Names of the registry, each with a fact that is right for any type of value.
  const facts = Object.fromEntries(
    Object.keys(extractors).map((name) => [name, notElf]),
  ) as unknown as FileFacts;
  const kernelConfig = configurationIn(bytes);
  const title = kernelConfig.known
    ? `Linux/${kernelConfig.value.architecture} ${kernelConfig.value.version}`
    : 'not read';
  const evidence = [{ what: 'configuration', saw: title }];
  return {
    sha256: hash('sha256', bytes),
    others: { md5: hash('md5', bytes), sha1: hash('sha1', bytes) },
    size: bytes.length,
    facts: { ...facts, kind: known({ kind: 'kernel-config', evidence }), kernelConfig },
    linking: notElf,
  };
}

function configurationIn(bytes: Buffer): Fact<KernelConfiguration> {
  if (!isGzip(bytes)) return readConfiguration(bytes);
  try {
    return readConfiguration(gunzipSync(bytes, { maxOutputLength: largestConfiguration }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return notKnown(
        `the configuration of the kernel has more than ${largestConfiguration} bytes`,
        'limit',
      );
    return notKnown('the configuration of the kernel cannot be unpacked', 'damage');
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
