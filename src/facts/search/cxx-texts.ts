import type { BytePattern } from './pattern-search.ts';

/** A text of the headers of a C++ library that is compiled into each file that uses them. */
export interface CxxText {
  readonly text: string;
  readonly constant: BytePattern;
}

/**
 * Conditions that libstdc++ prints when an assertion fails: of `vector`, `basic_string`, `array`, `span` and `deque`
 * (bits/stl_vector.h, basic_string.h). No other text of its headers is one of these.
 */
export const assertionTexts: readonly CxxText[] = [
  {
    text: '__n < this->size()',
    constant: { anchor: '__n < t', pattern: /^__n < this->size\(\)\0/ },
  },
  {
    text: '!this->empty()',
    constant: { anchor: '!this->', pattern: /^!this->empty\(\)\0/ },
  },
];

/** What libc++ prints when a check of its hardening modes fails (its __assert). */
export const hardeningText: CxxText = {
  text: ': assertion ... failed: ',
  constant: {
    anchor: ': asser',
    pattern: /^: assertion [^\0]{1,120} failed: /,
  },
};

/** Names of types of libc++ begin so, in what `typeid` returns: its inline namespace is part of its ABI (of Android's too). */
export const libcxxType: BytePattern = { anchor: 'NSt3__1', pattern: /^NSt3__1\d/ };
export const libcxxTypeOfAndroid: BytePattern = { anchor: 'NSt6__n', pattern: /^NSt6__ndk1\d/ };

/** What the strings of libstdc++ throw. */
export const stringText: CxxText = {
  text: 'basic_string::append',
  constant: { anchor: 'basic_s', pattern: /^basic_string::append\0/ },
};

/** What libstdc++ throws when a container cannot grow: the code of these functions is in the file itself. */
export const growthTexts: readonly CxxText[] = [
  growth('vector::_M_realloc_insert'),
  growth('vector::_M_realloc_append'),
  growth('vector::_M_default_append'),
  growth('vector::_M_fill_insert'),
  growth('vector::_M_fill_append'),
  growth('vector::_M_range_insert'),
  growth('vector::reserve'),
];

/** Those that libstdc++ itself has, which a program has with it where it is linked statically. */
export const textsOfLibstdcxx: readonly string[] = [
  'vector::_M_realloc_insert',
  'vector::_M_realloc_append',
];

/** All of them, for the one search. */
export const cxxTexts: readonly BytePattern[] = [
  ...[...assertionTexts, hardeningText, stringText, ...growthTexts].map(({ constant }) => constant),
  libcxxType,
  libcxxTypeOfAndroid,
];

function growth(text: string): CxxText {
  return { text, constant: { anchor: 'vector:', pattern: new RegExp(`^${text}\\0`) } };
}
