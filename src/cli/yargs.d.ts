import 'yargs';

declare module 'yargs' {
  // The parameter must be spelled as the library's own declaration spells it.
  // biome-ignore lint/complexity/noBannedTypes: see above
  interface Argv<T = {}> {
    /** `hide-types`: leaves out `[string]`, `[boolean]` and the like from help. */
    usageConfiguration(configuration: { readonly 'hide-types': boolean }): Argv<T>;
  }
}
