// Owns how a script of ours becomes a worker: fetched with its digest, started from a blob, through the one
// Trusted Types policy of the room.

/** Script digests do not cover workers: fetch with the digest, then start what was fetched. */
export async function openWorker(file: string, integrity: string): Promise<Worker> {
  const answer = await fetch(file, { integrity, credentials: "omit" });
  if (!answer.ok) throw new Error(`${file} is not there`);
  const address = URL.createObjectURL(new Blob([await answer.text()], { type: "text/javascript" }));
  const worker = new Worker(trusted(address));
  URL.revokeObjectURL(address);
  return worker;
}

/** The only policy of the room: it passes addresses of blobs this page made, nothing else. */
function trusted(address: string): string {
  const policy = (policies.made ??= policies.make());
  return policy ? policy.createScriptURL(address) : address;
}

interface Policy {
  createScriptURL(text: string): string;
}

/** A second policy of the same name would be refused: it is made once and both workers use it. */
const policies: { made: Policy | null | undefined; make(): Policy | null } = {
  made: undefined,
  make: () => {
    const types = (window as { trustedTypes?: { createPolicy(name: string, rules: object): Policy } })
      .trustedTypes;
    const rule = (text: string) => {
      if (!text.startsWith(`blob:${location.origin}/`)) throw new TypeError("only scripts made by this page");
      return text;
    };
    return types ? types.createPolicy("alcove", { createScriptURL: rule }) : null;
  },
};
