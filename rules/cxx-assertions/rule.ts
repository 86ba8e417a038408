import {
  count,
  defineRule,
  fail,
  kindsOf,
  listed,
  notApplicable,
  notPrograms,
  pass,
  unknown,
} from '../../src/judge/rule.ts';

/** Texts of growing containers that show enough code for one assertion at least: labelled builds below them were mixed. */
const enoughGrowth = 3;

/** Bytes of code that do the same, with one text. */
const enoughCode = 20_000;

export default defineRule({
  title: 'Containers of C++ check their bounds',
  severity: 'low',
  securitySeverity: 3.7,
  cwe: [125, 787],
  since: '0.2.0',
  rationale: `
\`vector[i]\`, \`string[i]\`, \`span[i]\`, \`front()\` of what is empty and \`*optional\` are undefined when they are wrong, and in practice
read or write memory of something else. With \`_GLIBCXX_ASSERTIONS\` (libstdc++) or a hardening mode (libc++) each of them costs a
comparison, and the program stops before it does harm. Fedora, Gentoo and the OpenSSF's guide require it; \`-fhardened\` sets it.`,
  evidence: `
Containers are templates: their code, and the checks in it, are compiled into each file. With assertions, a file calls
\`std::__glibcxx_assert_fail\` (libstdc++ 12 and later) or has the conditions that were checked among its constants:
\`__n < this->size()\`, \`!this->empty()\`; with libc++, \`: assertion ... failed: \`. Without them, the file shows that it has code of
containers by what they throw when they cannot grow (\`vector::_M_realloc_insert\`). It fails where ${enoughGrowth} such texts are
there, or one and ${enoughCode / 1000} kB of code: with less it may have no access that would be checked, and is unknown. A static libstdc++ brings texts of its
own, which are not counted. libc++ can stop a program without a text, so that the absence of one shows nothing. A file passes with
assertions in a part of its code: nothing separates it from the rest.

    readelf -W --dyn-syms FILE | grep glibcxx_assert_fail
    strings FILE | grep -xE '__n < this->size\\(\\)|vector::_M_.*|vector::reserve'`,
  remediation: {
    gcc: 'Compile with `-D_GLIBCXX_ASSERTIONS`, or `-fhardened` (GCC 14).',
    clang:
      'Compile with `-D_GLIBCXX_ASSERTIONS` for libstdc++, or `-D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_FAST` for libc++ 18 and later.',
    debian: 'Build with `DEB_CXXFLAGS_MAINT_APPEND = -D_GLIBCXX_ASSERTIONS` in `debian/rules`.',
  },
  references: [
    'https://gcc.gnu.org/onlinedocs/libstdc++/manual/using_macros.html',
    'https://libcxx.llvm.org/Hardening.html',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
  ],
  exempt: {
    ...notPrograms,
    ...kindsOf(['object'], (called) => `${called} is not linked yet`),
    ...kindsOf(['kernel-code', 'loader'], (called) => `${called} has no C++ library`),
  },
  samples: {
    pass: ['x86_64-glibc-gcc-pie-cxxassert', 'aarch64-glibc-gcc-pie-cxxassert'],
    fail: ['x86_64-glibc-gcc-pie-cxxplain', 'aarch64-glibc-gcc-pie-cxxplain'],
    unknown: ['x86_64-glibc-gcc-pie-cxxfew'],
    'not-applicable': ['x86_64-glibc-gcc-pie-hardened', 'x86_64-none-go-static-stripped'],
  },
  needs: ['cxxAssertions'],
  check({ cxxAssertions }) {
    if (cxxAssertions === null) return notApplicable('it has no code of C++');
    const { library, isItself, checks, growth, codeSize } = cxxAssertions;
    if (isItself) return notApplicable('it is the C++ library itself');
    if (checks.length > 0) return pass('containers check their bounds', checks.slice(0, 3));
    if (library === 'libc++')
      return unknown('libc++ can stop a program without a text, and there is none');
    if (library === null) return notApplicable('it uses neither libstdc++ nor libc++');
    const evidence = growth.slice(0, 3).map((saw) => ({ what: 'string constant', saw }));
    const isMuchCode = growth.length > 0 && (codeSize ?? 0) >= enoughCode;
    if (growth.length >= enoughGrowth || isMuchCode)
      return fail(`containers do not check their bounds: ${listed(growth)}`, evidence);
    return unknown(
      growth.length === 0
        ? 'it shows neither checks nor code of containers that grow'
        : `${count(growth.length, 'function')} of containers alone may have nothing to check`,
      evidence,
    );
  },
});
