import { defineProfile } from '../profile.ts';

export default defineProfile({
  summary: 'Every finding breaks the gate but notes, and so does what cannot be decided',
  explanation: `For images in which nothing is to be taken on trust. Findings of severity low or above break the gate, and
every verdict \`unknown\` does: what a rule cannot decide has to be waived by a person who knows how the binary was built.`,
  expectations: [],
  gate: { failOn: 'low', failOnUnknown: true },
});
