import { MalformedElf } from '../../base/errors.ts';
import type { AddressMap } from '../memory/address-map.ts';
import type { Bytes } from '../reading/bytes.ts';
import { hex } from '../reading/narrow.ts';

/** A table of linked records says nothing about its length: everything up to the end of its segment. */
export function linkedTable(address: bigint, addresses: AddressMap, title: string): Bytes {
  const found = addresses.bytesFrom(address);
  if (found === null) {
    throw new MalformedElf(
      `${title}: address ${hex(address)} is not in the file bytes of a PT_LOAD segment`,
    );
  }
  return found;
}
