const flag = { sum: 2, extra: 4, name: 8, comment: 16 } as const;
const fixedSize = 10;

/** Bytes of the header of a gzip member (RFC 1952, 2.3); 'more': it does not end here; 'none': there is none. */
export function gzipHeaderSize(bytes: Buffer): number | 'more' | 'none' {
  const [first, second, method, flags = 0] = bytes;
  if (first !== 0x1f || (second !== undefined && second !== 0x8b)) return 'none';
  if (method !== undefined && method !== 8) return 'none';
  if (bytes.length < fixedSize) return 'more';
  let at = fixedSize;
  if ((flags & flag.extra) !== 0) {
    if (at + 2 > bytes.length) return 'more';
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const text of [flag.name, flag.comment]) {
    if ((flags & text) === 0) continue;
    const end = at < bytes.length ? bytes.indexOf(0, at) : -1;
    if (end < 0) return 'more';
    at = end + 1;
  }
  if ((flags & flag.sum) !== 0) at += 2;
  return at <= bytes.length ? at : 'more';
}
