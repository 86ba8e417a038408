import { program } from '../../test/root/loader/processes.ts';
import { directory } from '../../test/support/roots/root-builder.ts';
import { app, testInRoot } from '../../test/support/verdicts/rule-in-root.ts';

testInRoot('not-writable', [
  {
    name: 'a directory above it is open',
    things: { '/bin': directory(0o777), [app]: program('musl') },
    outcome: 'fail',
    severity: 'high',
    says: /everybody can replace it, through \/bin/,
  },
  {
    name: 'it belongs to root',
    things: { [app]: program('musl') },
    outcome: 'pass',
    says: /root alone/,
  },
]);
