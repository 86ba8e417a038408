// npm run build: the compiled modules, then the bundle that is published.
import { compile } from './compile.mjs';

if (!compile({ checks: true })) process.exit(1);
await import('./bundle.mjs');
