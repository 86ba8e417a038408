import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { machineOf } from '../../src/code/machine-of.ts';
import { noSightings, type Sightings } from '../../src/code/sightings.ts';
import { EM, ET } from '../../src/elf/constants.ts';
import type { FileHeader } from '../../src/elf/records.ts';

interface Case {
  readonly name: string;
  /** Assembled code, in hex. */
  readonly code: string;
  /** Offsets of each sort of sighting; those not named must be empty. */
  readonly want: Partial<Record<Exclude<keyof Sightings, 'guardedCalls'>, readonly number[]>>;
  /** Offset and callee of each guarded call. */
  readonly calls?: readonly (readonly [at: number, callee: number])[];
}

const little = { bits: 64, byteOrder: 'little' } as const;
const machines: Readonly<Record<string, Partial<FileHeader>>> = {
  'x86-64': { ...little, machine: EM.X86_64 },
  'x86-64 kernel module': { ...little, machine: EM.X86_64, type: ET.REL },
  x32: { bits: 32, byteOrder: 'little', machine: EM.X86_64 },
  i386: { bits: 32, byteOrder: 'little', machine: EM.I386 },
  aarch64: { ...little, machine: EM.AARCH64 },
  arm: { bits: 32, byteOrder: 'little', machine: EM.ARM },
  riscv64: { ...little, machine: EM.RISCV },
  ppc64le: { ...little, machine: EM.PPC64 },
  ppc64: { bits: 64, byteOrder: 'big', machine: EM.PPC64 },
  ppc: { bits: 32, byteOrder: 'big', machine: EM.PPC },
  s390x: { bits: 64, byteOrder: 'big', machine: EM.S390 },
  mips: { bits: 32, byteOrder: 'big', machine: EM.MIPS },
  loongarch64: { ...little, machine: EM.LOONGARCH },
};

const cases: Readonly<Record<string, readonly Case[]>> = {
  'x86-64': [
    {
      name: 'sees stores at an index of an array in the frame, of bytes, constants and vectors',
      code: '88540cb84889548420c6441430000f294c0c10440f11441410c3',
      want: { indexedStores: [0, 5, 9, 15, 21] },
    },
    {
      name: 'sees elements that are counted up, changed or set by a comparison at an index',
      // addl $1, add r, incl, xor r, addb $1, sete
      code: '830484010134844c29b4c4c8000000ff048431348480440403010f94440403c3',
      want: { indexedStores: [0, 4, 8, 15, 18, 21, 27] },
    },
    {
      name: 'sees vectors stored at an index with a prefix of AVX and AVX-512, and by movq',
      // vmovss, vmovsd with a high index, vmovups of zmm, movq
      code: 'c5fa110484c4a17b1104c462f17c48114404010f9cc0660fd604c4',
      want: { indexedStores: [2, 8, 15, 24] },
    },
    {
      name: 'does not take a rotation, a jump behind a constant, a comparison, a call or a load for one of them',
      // rol $0x14,%r14; cmp $1,%eax; je; cmpl $4,(%rsp,%rax,4); movzbl 1(%rbx); cmp $0x2c,%al; call; add $4,%rsi; movq load; js
      code: '49c1c6144c01f083f801740c833c84040fb643013c2ce84144fcff4883c6044c89f7f30f7e04c40f88a4040000',
      want: {},
    },
    {
      name: 'sees the address of an element taken at an index, in any register, and the stack pointer added to one',
      code: '488d343c488d743c084c8db4bc000100004a8d2c244a8d6c1c404801e74901e4',
      want: { indexedStores: [1, 5, 10, 18, 22, 27, 30] },
    },
    {
      name: 'does not take giving a frame back, another base or another sum for one',
      code: '488d640410498d343c4901ec4801c44801e4',
      want: {},
    },
    {
      name: 'does not take stores outside an array, behind %r12 or to another base for it',
      code: '89442410498944241089440810c6040800',
      want: {},
    },
    {
      name: 'sees the guard loaded (mov) and compared (sub, xor, cmp)',
      code: '64488b042528000000488944240864482b14252800000075056448330c25280000000f8500010000644c3b0425280000007405',
      want: { canaryStores: [0], canaryChecks: [14, 25, 40] },
    },
    {
      name: "sees clang's check, which loads the guard and compares it with the frame",
      code: '644c8b0c25280000004c3b4c24087505',
      want: { canaryChecks: [0] },
    },
    {
      name: 'does not take a load that nothing uses, or a comparison without a branch, for a canary',
      code: `64488b042528000000${'90'.repeat(8)}488944240864482b142528000000${'90'.repeat(20)}`,
      want: {},
    },
    {
      name: 'does not take a comparison whose branch leads to the next instruction for one, short or near',
      code: `64482b042528000000${'7500'}${'90'.repeat(24)}64482b0425280000000f8400000000${'90'.repeat(24)}`,
      want: {},
    },
    {
      name: 'does not take a load that is kept in a variable for a canary',
      code: '64488b042528000000488905001000006448330c2528000000c3',
      want: {},
    },
    {
      name: 'does not take setting the guard, another slot of the thread block or %gs for it',
      code: '64488904252800000064488b04253000000065488b042528000000',
      want: {},
    },
    { name: 'does not read past the end', code: '64488b042528', want: {} },
    {
      name: 'sees addresses in the frame',
      code: '488d7c2408488d75f04889e74c8d8c2400100000488d8500f0ffff',
      want: { stackAddresses: [1, 6, 10, 13, 21] },
    },
    {
      name: 'sees addresses in %r12 and %r13, which are numbered like %rsp and %rbp',
      code: '4c8d6424104c8d6df0488d6c2408',
      want: { stackAddresses: [1, 6, 10] },
    },
    {
      name: 'does not take frame pointers, adjustments and arguments of the caller for them',
      code: '4889e5488d642408488d4510488d4708',
      want: {},
    },
    {
      name: 'sees %rbp take an address once the frame is made, and %r13',
      code: '4883ec184889e54881ec000400004889e54989e5',
      want: { stackAddresses: [5, 15, 18] },
    },
    {
      name: 'sees the probes of gcc and LLVM',
      code: '48830c240048834c24100048838c2400100000004881ec0010000048c7042400000000',
      want: { stackProbes: [1, 6, 12, 28] },
    },
    {
      name: 'sees a large frame made at once, but no probe in an ordinary store',
      code: '48830c240148c70424000000004881ec002000004881ec00010000',
      want: { largeAllocations: [14] },
    },
  ],
  'x86-64 kernel module': [
    {
      name: 'sees the guard behind %gs',
      code: '65488b0425280000004889442408',
      want: { canaryStores: [0] },
    },
  ],
  x32: [
    {
      name: 'sees the guard with and without REX',
      code: '648b04251800000089442408642b142518000000750564448b0425180000004489442408',
      want: { canaryStores: [0, 22], canaryChecks: [12] },
    },
    {
      name: 'sees the guard where clang has it, and a frame of half addresses',
      code: '648b0425280000006789442424648b0c2528000000673b4c24247505',
      want: { canaryStores: [0], canaryChecks: [13] },
    },
    {
      name: 'sees addresses in half a register, and no frame pointer in them',
      code: '89e78d3c248d742408489089e54889e5',
      want: { stackAddresses: [0, 2, 5] },
    },
    {
      name: 'sees the address of an element taken at an index, of both widths',
      code: '678d341c488d349c',
      want: { indexedStores: [1, 5] },
    },
  ],
  i386: [
    {
      name: 'sees the address of an element taken at an index',
      code: '8d4484088d341c8d742600',
      want: { indexedStores: [0, 4] },
    },
    {
      name: 'sees the stack pointer copied, and stores at an index of an array in the frame',
      code: '89e089e588140489e1',
      want: { stackAddresses: [0, 7], indexedStores: [4] },
    },
    {
      name: 'sees the guard in all forms',
      code: '65a11400000089442408658b0d14000000894c2408652b15140000007505',
      want: { canaryStores: [0, 10], canaryChecks: [21] },
    },
    { name: 'does not take its neighbours for it', code: '65a11800000065a314000000', want: {} },
    {
      name: 'leaves out how main realigns its stack',
      code: '8d4424088d4c240483e4f08d45f0',
      want: { stackAddresses: [0, 11] },
    },
  ],
  aarch64: [
    {
      name: "sees clang's check of a guard that was loaded long before",
      code: '6bf946f9e80700f908e853b91f01007108b19f1ae903084b280000b9405969f8e80740f97f0108eb81000054fd7b41a9ff830091c0035fd602000094',
      want: {},
      calls: [[36, 64]],
    },
    {
      name: 'does not look for the guard behind a branch',
      code: '6bf946f9e80700f9600000541f01007108b19f1ae903084b280000b9405969f8e80740f97f0108eb81000054fd7b41a9ff830091c0035fd602000094',
      want: {},
    },
    { name: 'sees a canary stored', code: '010040f9e10f00f9010080d2', want: { canaryStores: [8] } },
    {
      name: 'does not take a store elsewhere for it',
      code: '010040f9410c00f9010080d2',
      want: {},
    },
    {
      name: 'sees a canary checked by subs',
      code: 'e20f40f9010040f9420001eb010080d2',
      want: { canaryChecks: [12] },
    },
    {
      name: 'sees a canary checked by eor',
      code: 'e20f40f9010040f9420001ca010080d2',
      want: { canaryChecks: [12] },
    },
    {
      name: 'sees a comparison that ends in a call',
      code: '080540f9e90740f91f0109eb41000054c0035fd640000094',
      want: {},
      calls: [[8, 276]],
    },
    {
      name: 'does not take a comparison of two words from elsewhere for it',
      code: '080540f9490540f91f0109eb41000054c0035fd640000094',
      want: {},
    },
    {
      name: 'sees addresses in the frame, not frame pointers',
      code: 'e0430091a12300d1fd430091ff430091',
      want: { stackAddresses: [0, 4] },
    },
    {
      name: 'sees the address of an element taken at an index, but neither another sum nor the frame made',
      code: 'e163208be2cb238b4100038bff63218b',
      want: { stackAddresses: [0, 4] },
    },
    {
      name: 'sees the probe of a guard page, not an ordinary zero',
      code: 'ff4340d1ff0302f9ff0300f9',
      want: { stackProbes: [4] },
    },
    {
      name: 'sees frames over the guard of 64 KiB made at once',
      code: 'ff4740d1ff4340d1ffc305d1',
      want: { largeAllocations: [0] },
    },
    {
      name: 'sees return addresses signed',
      code: '3f2303d55f2403d57f2303d5',
      want: { returnSignings: [0, 8] },
    },
  ],
  arm: [
    { name: 'sees a T32 canary stored', code: '1a6803924ff00002', want: { canaryStores: [4] } },
    { name: 'sees a T32 canary checked', code: '5a404ff00003', want: { canaryChecks: [2] } },
    {
      name: 'sees a T32 comparison that ends in a call',
      code: '039b0a68934200d1704700f01ef8',
      want: {},
      calls: [[4, 74]],
    },
    {
      name: 'sees an A32 canary stored',
      code: '003092e50c308de50030a0e3',
      want: { canaryStores: [8] },
    },
    { name: 'sees an A32 canary checked', code: '033032e00020a0e3', want: { canaryChecks: [4] } },
    {
      name: 'sees an A32 comparison that ends in a call',
      code: '0c309de5002091e5020053e10000001a1eff2fe10e0000eb',
      want: {},
      calls: [[8, 84]],
    },
    {
      name: 'sees A32 addresses in the frame, not frame pointers',
      code: '08008de20d10a0e100482de904b08de20dc0a0e1',
      want: { stackAddresses: [0, 4] },
    },
    {
      name: 'sees A32 addresses at an index, and an array in fp that is not a frame pointer',
      code: '01008de003218de00d0081e008b08de200482de904b08de200d08de0',
      want: { stackAddresses: [0, 4, 8, 12] },
    },
    {
      name: 'sees T32 addresses at an index, and an array in r7 that is not a frame pointer',
      code: '0deb0000e944116802aff0b503af84b002af954400af',
      want: { stackAddresses: [0, 4, 8] },
    },
    {
      name: 'sees T32 addresses in frames of 1 KiB or more',
      code: '0df580600df204410df500680df5006d',
      want: { stackAddresses: [0, 4, 8] },
    },
  ],
  riscv64: [
    {
      name: 'sees a canary stored',
      code: '03b70700233ce10013070000',
      want: { canaryStores: [8] },
    },
    {
      name: 'does not take a store elsewhere for it',
      code: '03b7070023bce60013070000',
      want: {},
    },
    { name: 'sees a canary checked', code: 'b3c7e70013070000', want: { canaryChecks: [4] } },
    {
      name: 'sees a comparison that ends in a call',
      code: '83b5041722666393c5008280ef000004',
      want: {},
      calls: [[6, 76]],
    },
    {
      name: 'sees addresses in frames over 2 KiB',
      code: '3385270033042700',
      want: { stackAddresses: [0, 4] },
    },
    {
      name: 'sees a canary stored and checked in compressed code',
      code: '98633aec0147b98f0147',
      want: { canaryStores: [4], canaryChecks: [8] },
    },
    {
      name: 'sees addresses in the frame in compressed code',
      code: '08088a8500084111',
      want: { stackAddresses: [0, 2] },
    },
    {
      name: 'sees addresses in the frame, not frame pointers',
      code: '130501019305010013040101130101ff',
      want: { stackAddresses: [0, 4] },
    },
    {
      name: 'sees an array in s0, which lies below where s0 was saved, and the stack pointer added to an index',
      code: '130101fa233c11042338810413048100b38527003304b10067800000130101fa233881041304010667800000',
      want: { stackAddresses: [12, 16, 20] },
    },
    {
      name: 'sees an array in s0 in compressed code, and no frame pointer in it',
      code: '1d7186eca2e82000228582801d71a2e880108280',
      want: { stackAddresses: [6] },
    },
  ],
  ppc64le: [
    { name: 'sees the guard loaded', code: 'f08f2de9f88f2de9', want: { canaryStores: [0] } },
    {
      name: 'sees addresses in the frame, not frame pointers',
      code: '200061382000613920002138',
      want: { stackAddresses: [0] },
    },
    {
      name: 'sees the stack pointer added to an index, but not frames made or given back',
      code: '141a817c140aa47c1402217c145a817d',
      want: { stackAddresses: [0, 4] },
    },
    {
      name: 'sees probes, and frames of many pages made at once',
      code: '01f001f86a01217c01e021f8d1ff21f8',
      want: { stackProbes: [0], largeAllocations: [4, 8] },
    },
  ],
  ppc64: [{ name: 'sees the guard loaded', code: 'e92d8ff0', want: { canaryStores: [0] } }],
  ppc: [{ name: 'sees the guard loaded', code: '81228ff8', want: { canaryStores: [0] } }],
  s390x: [
    {
      name: 'sees stores at an index of an array in the frame',
      code: '42215000421f500050f1f000e321f0a00024',
      want: { indexedStores: [4, 8, 12] },
    },
    {
      name: 'sees a canary stored',
      code: 'b24f0010eb110020000db24f0011d207f0a01028',
      want: { canaryStores: [14] },
    },
    { name: 'sees a canary checked', code: 'b24f0011d507f0a01028', want: { canaryChecks: [4] } },
    { name: 'sees the loads of clang', code: 'b24f0011e31010280004', want: { canaryChecks: [4] } },
    { name: 'reads the address of the thread block first', code: 'd207f0a01028', want: {} },
    {
      name: 'sees addresses in the frame, not frame pointers',
      code: '4120f0a0e330f388017141f0f0a0e3b0f0a00071ec1f00b000d9b90400bf',
      want: { stackAddresses: [0, 4, 14, 20] },
    },
    {
      name: 'sees the address of an element taken at an index, but neither another base nor the frame made',
      code: '4132f0a0413f2008e332ff400171b908004fb9e8204fb9e8f04241f2f00841324008b90800f10707',
      want: { stackAddresses: [0, 4, 8, 14, 18, 22] },
    },
    {
      name: 'sees probes, and frames of many pages made at once',
      code: 'e300fff80020e3f0fdf0ee71c2f8fffeede0a7fbe000a7fbff60e3f0f000ff71',
      want: { stackProbes: [0], largeAllocations: [6, 12, 18] },
    },
  ],
  mips: [
    {
      name: 'sees a comparison that ends in a call through the GOT',
      code: '8fa3001c8c820000146200030000000003e00008000000008f9983000320f809',
      want: {},
      calls: [[8, -0x8301]],
    },
    {
      name: 'sees addresses in the frame, not frame pointers',
      code: '27a4001027bdffe003a0f025',
      want: { stackAddresses: [0] },
    },
    {
      name: 'sees the stack pointer added to an index or copied, and an array in fp',
      code: '03a42821005d302d03a0202527be001803a0f02527bdffe003c0e82503a02025',
      want: { stackAddresses: [0, 4, 8, 12, 28] },
    },
  ],
  loongarch64: [
    {
      name: 'sees the stack pointer added to an index, and an array in fp below where fp was saved',
      // st.d fp,sp,80; addi.d fp,sp,8
      code: '64941000a48c10007680c10263b010007640c1297620c002',
      want: { stackAddresses: [0, 4, 20] },
    },
    {
      name: 'sees a comparison that ends in a call, and an address in the frame',
      code: '6c60c028ed02c0288d09005c6440c00200400054',
      want: { stackAddresses: [12] },
      calls: [[8, 80]],
    },
  ],
};

for (const [machine, table] of Object.entries(cases)) {
  describe('a function that stores the guard', () => {
    const returnsUnchecked = machineOf({ ...machines['x86-64'] } as FileHeader)?.returnsUnchecked;
    const store = '64488b0425280000004889442408';
    const codes: readonly (readonly [name: string, code: string, unchecked: boolean])[] = [
      ['returns without comparing it', `${store}4883c418c3`, true],
      ['compares it', `${store}488b54240864482b1425280000007505c9c3`, false],
      ['never returns', `${store}e800000000`, false],
      [
        'calls or names what lies behind bytes like those of a return',
        `${store}e8005dc3ff488d355ac3f5ff`,
        false,
      ],
    ];
    for (const [name, code, unchecked] of codes) {
      it(name, () =>
        assert.equal(
          returnsUnchecked?.(Buffer.from(code, 'hex'), () => false),
          unchecked,
        ),
      );
    }
  });

  describe(machine, () => {
    for (const { name, code, want, calls = [] } of table) {
      it(name, () => {
        const seen = scan(machine, Buffer.from(code, 'hex'));
        assert.deepEqual(seen, { ...noSightings(), ...want, guardedCalls: asGuarded(calls) });
      });
    }
  });
}

it('no patterns are known of other machines, or of code in another byte order', () => {
  const sparc = header({ machine: EM.SPARCV9, bits: 64, byteOrder: 'big' });
  const bigArm = header({ machine: EM.ARM, bits: 32, byteOrder: 'big' });
  assert.deepEqual([machineOf(sparc), machineOf(bigArm)], [null, null]);
});

function asGuarded(calls: readonly (readonly [number, number])[]): Sightings['guardedCalls'] {
  return calls.map(([at, callee]) => ({ at, callee }));
}

function scan(machine: string, bytes: Buffer): Sightings {
  const sightings = noSightings();
  machineOf(header(machines[machine] ?? {}))?.scan({ offset: 0, bytes }, sightings);
  return sightings;
}

function header(parts: Partial<FileHeader>): FileHeader {
  const zero = { osAbi: 0, abiVersion: 0, version: 1, entry: 0n, flags: 0 };
  const tables = {
    programHeaderOffset: 0n,
    sectionHeaderOffset: 0n,
    programHeaderCount: 0,
    programHeaderSize: 0,
    sectionHeaderCount: 0,
    sectionHeaderSize: 0,
    sectionNameIndex: 0,
  };
  return { ...zero, ...tables, ...little, type: ET.DYN, machine: 0, ...parts };
}
