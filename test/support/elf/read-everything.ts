import { LimitExceeded, MalformedElf } from '../../../src/base/errors.ts';
import { DT } from '../../../src/elf/constants.ts';
import type { Elf } from '../../../src/elf/model.ts';
import { readElf } from '../../../src/elf/read-elf.ts';
import { bytesOf } from '../../../src/elf/reading/bytes.ts';

/** Reads everything. Errors of the reader's own come back; any other one fails the test. */
export function readEverything(buffer: Buffer): readonly string[] {
  const messages: string[] = [];
  const attempt = (read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      if (!isOwn(error)) throw error;
      messages.push(error.message);
    }
  };
  let elf: Elf | null = null;
  attempt(() => {
    elf = readElf(bytesOf(buffer));
  });
  if (elf !== null) for (const read of readers(elf)) attempt(read);
  return messages;
}

function readers(elf: Elf): readonly (() => unknown)[] {
  return [
    () => elf.segments,
    () => elf.sections.map((section) => elf.sectionBytes(section)),
    () => elf.dynamic,
    () => elf.dynamicSymbols,
    () => elf.staticSymbols,
    () => elf.notes,
    () => elf.interpreter,
    () => elf.comments,
    () => elf.versionNeeds,
    () => elf.versionDefinitions,
    () => elf.dynamicValue(DT.FLAGS),
    () => [DT.NEEDED, DT.SONAME, DT.RPATH, DT.RUNPATH].map(elf.dynamicStrings),
    () => elf.visitRelocations(() => {}),
    () => elf.fileOffset(0n, 1),
  ];
}

export function isOwn(error: unknown): error is MalformedElf | LimitExceeded {
  return error instanceof MalformedElf || error instanceof LimitExceeded;
}
