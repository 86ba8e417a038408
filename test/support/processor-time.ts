/** Milliseconds of processor time since `begun`, the value of an earlier call: the machine of a test may be busy with others. */
export function processorTime(begun = 0): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 - begun;
}
