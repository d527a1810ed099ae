// Every way in which something sealed is refused, by name. A refusal changes nothing: who catches one goes
// on with the state it had.

/** Stable names: tests, logs and the protocol page use them. */
export type Refusal =
  // Shape
  | "malformed"
  | "too-large"
  // Frames
  | "no-key"
  | "forged-frame"
  | "replayed-frame"
  | "old-epoch"
  | "counter-spent"
  // Identity and key packages
  | "bad-identity"
  | "wrong-visit"
  | "outside-lifetime"
  | "wrong-profile"
  | "key-package-spent"
  // Messages of the group
  | "wrong-group"
  | "public-message"
  | "future-epoch"
  | "stale-epoch"
  | "unreadable"
  | "commit-pending"
  | "removed"
  | "closed"
  | "sender-gone"
  // Rules of the group
  | "standalone-proposal"
  | "forbidden-proposal"
  | "no-path"
  | "leaf-changed"
  | "add-by-stranger"
  | "remove-by-stranger"
  | "charter-by-stranger"
  | "locked"
  | "full"
  | "identity-twice"
  | "not-the-host"
  | "unknown-leaf"
  | "several-adds"
  // Welcome
  | "wrong-welcome"
  | "wrong-signer"
  // Spoken code
  | "code-already-opened"
  | "code-superseded"
  | "commitment-broken"
  | "code-not-ready"
  // Chat and files
  | "file-too-large"
  | "file-damaged"
  | "text-too-long";

export class SecrecyError extends Error {
  readonly refusal: Refusal;

  /** `cause` is for developers; nothing of it is shown or sent. */
  constructor(refusal: Refusal, cause?: unknown) {
    super(refusal, cause === undefined ? undefined : { cause });
    this.name = "SecrecyError";
    this.refusal = refusal;
  }
}

/** What somebody else sent and the rules refuse is no reason to stop; a fault of ours is. */
export function unlessOurs(error: unknown): void {
  if (!(error instanceof SecrecyError)) throw error;
}
