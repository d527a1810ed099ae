// Whoever comes to the visit of these tools.

import { Candidate } from "../../src/secrecy/candidate.ts";
import { makeIdentityKey, type Role } from "../../src/secrecy/identity.ts";

export async function candidate(role: Role): Promise<Candidate> {
  return Candidate.make({ visit: VISIT, role, name: `A ${role}` }, await makeIdentityKey(), Date.now());
}

export const VISIT = "0192f3a4-visit";
