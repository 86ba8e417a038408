import { constants } from 'node:zlib';
import { type DeflatedFormat, ZlibHandle } from './zlib-handle.ts';

/** Enough for all who only look what a file is. */
const mostContent = 4096;

const handles = new Map<DeflatedFormat, ZlibHandle>();
const output = Buffer.alloc(mostContent);
const nothing = Buffer.alloc(0);

/**
 * The first bytes of deflated content, at most 4096, of which the beginning is there. They are not verified; nothing where they
 * are damaged. An image has ten thousands of compressed files: a stream for each takes twice as long.
 */
export function inflatedHead(stored: Buffer, format: DeflatedFormat): Buffer {
  const handle = handles.get(format) ?? new ZlibHandle(format);
  handles.set(format, handle);
  handle.reset();
  const inflated = handle.inflate(constants.Z_SYNC_FLUSH, stored, output);
  if (typeof inflated === 'string') return nothing;
  return Buffer.from(output.subarray(0, mostContent - inflated.free));
}
