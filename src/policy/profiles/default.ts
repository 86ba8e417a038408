import { defineProfile } from '../profile.ts';

export default defineProfile({
  summary: 'The rules with their own severities, whoever built a file',
  explanation: `For programs that you build yourself. Nothing is expected of a binary but what its rules say, and the gate breaks
at findings of severity high or above.`,
  expectations: [],
  gate: {},
});
