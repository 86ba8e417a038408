import { writeSync } from 'node:fs';

// Loaded into a measured process by --import: it prints its peak memory and processor time when it ends.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(2, `\npeak-rss-kib ${maxRSS}\ncpu-microseconds ${userCPUTime + systemCPUTime}\n`);
});
