import type { PluginKind } from '../plugin-kind.ts';
import { byEntry } from './servers.ts';

/** Modules of PAM: RTLD_NOW (libpam/pam_handlers.c), in any program that handles logins. */
export const pam: PluginKind = {
  host: 'PAM',
  verb: 'load',
  bindsAtLoad: true,
  given: /^_?pam_/,
  hosts: null,
  claim: byEntry(/^pam_sm_/, /\/security\//),
};

/** Conversions of iconv (iconv/gconv_dl.c). */
export const gconv: PluginKind = {
  host: 'iconv',
  verb: 'load',
  bindsAtLoad: true,
  given: /^$/,
  hosts: null,
  claim: byEntry(/^gconv$/, /\/gconv\//),
};

/** The name service switch of glibc (nss/nss_module.c). */
export const nameService: PluginKind = {
  host: 'the name service switch',
  verb: 'load',
  bindsAtLoad: true,
  given: /^$/,
  hosts: null,
  claim: byEntry(/^_nss_/, /\/libnss_[^/]+\.so(?:\.\d+)?$/),
};

/** Engines and providers of OpenSSL: RTLD_NOW (crypto/dso/dso_dlfcn.c). */
export const openssl: PluginKind = {
  host: 'OpenSSL',
  verb: 'load',
  bindsAtLoad: true,
  given: null,
  hosts: null,
  claim: byEntry(/^(?:bind_engine|OSSL_provider_init)$/, /\/(?:engines|ossl-modules)[^/]*\//),
};
