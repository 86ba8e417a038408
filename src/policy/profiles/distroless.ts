import { defineProfile } from '../profile.ts';
import debian from './debian.ts';
import staticPrograms from './static.ts';

export default defineProfile({
  summary: "Distroless images: Debian's libraries, and your program on top of them",
  explanation: `For images built on distroless base images, whose files come from Debian's packages: they are judged as the profile
debian judges them. Your own program is judged by the rules; if it is static, as the profile static judges it. A program
that does not find its loader or libraries is critical: there is no shell to find that out with.`,
  expectations: [...debian.expectations, ...staticPrograms.expectations],
  gate: {},
});
