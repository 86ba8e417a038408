import { writeSync } from 'node:fs';

// Loaded into a measured process by --import: it tells its peak memory when it ends.
process.on('exit', () => {
  writeSync(2, `\npeak-rss-kib ${process.resourceUsage().maxRSS}\n`);
});
