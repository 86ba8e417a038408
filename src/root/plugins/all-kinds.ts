import { java } from './kinds/java.ts';
import { lua, perl, php, ruby } from './kinds/languages.ts';
import { node } from './kinds/node.ts';
import { python } from './kinds/python.ts';
import { apache, nginx, postgres } from './kinds/servers.ts';
import { gconv, nameService, openssl, pam } from './kinds/system.ts';
import type { PluginKind } from './plugin-kind.ts';

/** The first that claims a file has it. */
export const pluginKinds: readonly PluginKind[] = [
  python,
  node,
  java,
  nginx,
  apache,
  postgres,
  ruby,
  perl,
  php,
  lua,
  pam,
  gconv,
  nameService,
  openssl,
];
