import { ET, PT } from '../constants.ts';
import type { Bytes } from '../reading/bytes.ts';
import { allReadings, half, segmentTypes } from './raw-program-headers.ts';

/**
 * Whether musl's loader maps a file (ldso/dynlink.c, map_library), whose header others refuse: it reads the type and where the
 * program headers are, in the class of its own machine, and steps by e_phentsize.
 */
export function isMappedByMusl(bytes: Bytes): boolean {
  if (bytes.size < 64) return false;
  const header = bytes.read(0, 64);
  return allReadings.some((reading) => {
    const type = half(header, 16, reading);
    if (type !== ET.EXEC && type !== ET.DYN) return false;
    // A segment to map, and a dynamic section.
    const types = segmentTypes(bytes, header, reading);
    return types.has(PT.LOAD) && types.has(PT.DYNAMIC);
  });
}
