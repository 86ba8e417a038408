import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDisassembly } from '../../lab/twins/guarded-functions.ts';
import { type Compared, describe, shortcomings, wrongLevels } from '../../lab/twins/tally.ts';
import { readTwins } from '../../lab/twins/twins.ts';

const guard = 0x49ea00n;
const slot = 0x1ffd0n;
const shown = [
  {
    name: 'a load of the guard to store it',
    places: null,
    lines: ['mov    %fs:0x28,%rax'],
    guarded: true,
  },
  { name: 'a comparison with it', places: null, lines: ['sub    %fs:0x28,%rdx'], guarded: true },
  {
    name: 'start code that sets it',
    places: null,
    lines: ['mov    %rax,%fs:0x28'],
    guarded: false,
  },
  {
    name: 'a load through page and offset',
    places: { guard, slots: new Set<bigint>() },
    lines: ['adrp\tx1, 49e000 <table+0xd0>', 'ldr\tx2, [x1, #2560]'],
    guarded: true,
  },
  {
    name: 'a load through a slot',
    places: { guard: null, slots: new Set([slot]) },
    lines: ['adrp\tx2, 1f000 <_DYNAMIC>', 'ldr\tx2, [x2, #4048]', 'ldr\tx0, [x2]'],
    guarded: true,
  },
  {
    name: 'an address that is only stored to',
    places: { guard, slots: new Set<bigint>() },
    lines: ['adrp\tx21, 49e000 <table>', 'add\tx21, x21, #0xa00', 'str\tx0, [x21]'],
    guarded: false,
  },
  {
    name: 'a guard that is loaded to be changed',
    places: { guard, slots: new Set<bigint>() },
    lines: ['adrp\tx1, 49e000 <table>', 'ldr\tx0, [x1, #2560]', 'str\tx0, [x1, #2560]'],
    guarded: false,
  },
  {
    name: 'a slot whose word is not followed',
    places: { guard: null, slots: new Set([slot]) },
    lines: ['adrp\tx2, 1f000 <_DYNAMIC>', 'ldr\tx2, [x2, #4048]', 'ldr\tx0, [x3]'],
    guarded: false,
  },
] as const;

for (const { name, places, lines, guarded } of shown) {
  test(`${name} makes a function ${guarded ? 'guarded' : 'no guarded one'}`, () => {
    const text = ['0000000000400924 <copy>:', ...lines.map((line) => `  400928:\t${line}`), ''];
    const disassembled = readDisassembly(text.join('\n'), places);
    assert.deepEqual(disassembled.functions, [0x400924n]);
    assert.equal(disassembled.guarded.has(0x400924n), guarded);
  });
}

test('what one function computed is forgotten in the next', () => {
  const places = { guard, slots: new Set<bigint>() };
  const text = [
    '0000000000400000 <first>:',
    '  400000:\tadrp\tx1, 49e000 <table>',
    '0000000000400010 <second>:',
    '  400010:\tldr\tx2, [x1, #2560]',
  ];
  assert.equal(readDisassembly(text.join('\n'), places).guarded.size, 0);
});

test('a level that does not exist is an error', () => {
  assert.throws(() => readTwins('one\tx86_64\tpie\tweak\n'), /one: level weak, expected one of/);
});

function compared(more: Partial<Compared>): Compared {
  const [twins] = readTwins('x86_64-musl-gcc-pie-lua-strong-O2\tx86_64\tpie\tstrong\n');
  assert.ok(twins);
  const right = { outcome: 'pass', level: 'strong', guarded: 2, found: 2 } as const;
  return { twins, ...right, missed: [], invented: [], ...more };
}

const cases = [
  { name: 'all right', some: [compared({})], want: [] },
  {
    name: 'a wrong verdict',
    some: [compared({ outcome: 'fail' })],
    want: ['presence: x86_64-musl-gcc-pie-lua-strong-O2 is fail'],
  },
  {
    name: 'a function that was not seen',
    some: [compared({ found: 1, missed: ['copy'] })],
    want: [
      'functions: x86_64-musl-gcc-pie-lua-strong-O2: objdump 2, hullcheck 1; not seen: copy; seen only by hullcheck: ',
    ],
  },
  {
    name: 'one level of twenty',
    some: [compared({ level: 'all' }), ...Array(19).fill(compared({}))],
    want: [],
  },
  {
    name: 'two levels of twenty',
    some: [...Array(2).fill(compared({ level: null })), ...Array(18).fill(compared({}))],
    want: ['level: right in 18 of 20, expected 95 %'],
  },
];

for (const { name, some, want } of cases) {
  test(`twins with ${name}: ${want.length === 0 ? 'no shortcoming' : 'a shortcoming'}`, () => {
    assert.deepEqual(shortcomings(some), want);
  });
}

test('the table counts by target, and wrong levels are named', () => {
  const some = [compared({}), compared({ level: 'all' })];
  assert.match(describe(some), /^x86_64-musl-gcc-pie +2\/2 +1\/2 +2\/2 +4$/m);
  assert.deepEqual(wrongLevels(some), ['level: x86_64-musl-gcc-pie-lua-strong-O2 looks like all']);
});
