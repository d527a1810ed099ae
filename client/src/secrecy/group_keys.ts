// What the room needs of a group, whatever keeps the keys: MLS today. Everything goes through the ordered log
// of the server: a commit of ours counts when it comes back from there, and a refusal leaves everything as it
// was.

import type { Bytes } from "./bytes.ts";
import type { Charter, Member } from "./charter.ts";
import type { Silence } from "./rules.ts";

/** A commit for the log, with the epoch it closes; the server takes one per epoch. */
export interface Proposal {
  epoch: number;
  commit: Bytes;
  /** For the newcomer alone, and only once the log has taken the commit. */
  welcome: { to: Bytes; message: Bytes } | null;
}

export interface Facts {
  now: number;
  silence: Silence;
}

export type Outcome =
  /**
   * The group moved on. `departed` are leaves whose old member is gone, also when somebody else has the leaf
   * now.
   */
  | { kind: "epoch"; epoch: number; by: Member; added: Member[]; departed: Member[]; own: boolean }
  /** A sealed note; the sender is who MLS says. */
  | { kind: "note"; epoch: number; from: Member; body: Bytes }
  /** We were removed; the keys are gone. */
  | { kind: "removed"; by: Member };

export interface GroupKeys {
  readonly epoch: number;
  readonly own: number;
  readonly id: Bytes;
  roster(): Member[];
  charter(): Charter;
  /** Who may add people now. */
  acting(): Member | null;
  rosterHash(): Promise<Bytes>;

  admit(keyPackage: Bytes, now: number): Promise<Proposal>;
  remove(leaves: number[], facts: Facts): Promise<Proposal>;
  /** Same person, same identity key, new leaf: removed and added in one commit. */
  rejoin(keyPackage: Bytes, now: number): Promise<Proposal>;
  /** New keys, same people. */
  refresh(): Promise<Proposal>;
  /** Lock, unlock, change the order of deputies. */
  ordain(charter: Charter): Promise<Proposal>;
  /** The log refused our commit, or took somebody else's. */
  withdraw(): void;

  apply(message: Bytes, facts: Facts): Promise<Outcome>;
  sendApplication(body: Bytes): Promise<Bytes>;
  export(label: string, context: Bytes, length: number): Promise<Bytes>;
  /** The SFrame base key of this epoch; the caller owns the copy. */
  mediaKey(): Promise<Bytes>;
  /** 30 digits of the epoch authenticator, for auditors. */
  longCode(): Promise<string>;
  close(): void;
}
