import { defineProfile } from '../profile.ts';

export default defineProfile({
  summary: 'The rules with their own severities, for every file',
  explanation: `For programs that you build yourself. A binary has to meet the rules and nothing else, and the gate
breaks at findings of severity high or above.`,
  expectations: [],
  gate: {},
});
