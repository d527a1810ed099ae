// The group of a visit on MLS (RFC 9420) by ts-mls, in the narrow profile. Owns the state of one member: it
// changes only by `apply`, only forward, and only after the rules were checked. Work is done one step after
// the other.

import { addHistoricalReceiverData, type ClientState } from "ts-mls/clientState.js";
import { mlsExporter } from "ts-mls/keySchedule.js";
import { protectApplicationData, unprotectPrivateMessage } from "ts-mls/messageProtection.js";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import { makeKeyPackageRef } from "ts-mls/keyPackage.js";
import { type Bytes, copy, equal, sha256, Writer } from "./bytes.ts";
import { acting, type Charter, type Member } from "./charter.ts";
import { type MadeCommit, makeCommit } from "./commit.ts";
import { SecrecyError } from "./failure.ts";
import { follow } from "./follow.ts";
import type { Facts, GroupKeys, Outcome, Proposal } from "./group_keys.ts";
import { ROLES } from "./identity.ts";
import { readCommit } from "./incoming.ts";
import { checkKeyPackage, MESSAGE_BYTES, membersOf, readMessage, writeMessage } from "./mls.ts";
import { inspect, judge, type Plan, SILENT_TO_APPLY_MS } from "./rules.ts";
import { suite } from "./suite.ts";
import { longCode } from "./long_code.ts";

export class Group implements GroupKeys {
  #state: ClientState;
  #charter: Charter;
  #visit: string;
  #members: Member[];
  #pending: { proposal: Proposal; made: MadeCommit } | null = null;
  #over: "removed" | "closed" | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** Only `Candidate` makes groups: by founding one or by joining one. */
  constructor(state: ClientState, charter: Charter, visit: string) {
    this.#state = state;
    this.#charter = charter;
    this.#visit = visit;
    this.#members = membersOf(state.ratchetTree);
    inspect(this.#members, charter);
  }

  get epoch(): number {
    return Number(this.#state.groupContext.epoch);
  }

  get own(): number {
    return this.#state.privatePath.leafIndex;
  }

  get id(): Bytes {
    return copy(this.#state.groupContext.groupId);
  }

  roster(): Member[] {
    return [...this.#members];
  }

  charter(): Charter {
    return this.#charter;
  }

  acting(): Member | null {
    return acting(this.#charter, this.#members);
  }

  /** Epoch, leaves, keys, names and roles: two members with equal hashes see the same people. */
  async rosterHash(): Promise<Bytes> {
    const writer = new Writer().text("Alcove E2EE v1 roster").field(this.id).u64(this.epoch);
    for (const { leaf, leafKey, identity } of this.#members) {
      writer.u8(leaf).field(leafKey).field(identity.key).u8(ROLES.indexOf(identity.role)).text(identity.name);
    }
    return sha256(writer.done());
  }

  admit(keyPackage: Bytes, now: number): Promise<Proposal> {
    return this.#inTurn(() => this.#propose({ keyPackage, remove: [] }, { now, silence: noSilence }));
  }

  remove(leaves: number[], facts: Facts): Promise<Proposal> {
    return this.#inTurn(() => this.#propose({ keyPackage: null, remove: leaves }, facts));
  }

  rejoin(keyPackage: Bytes, now: number): Promise<Proposal> {
    return this.#inTurn(async () => {
      const bundle = readMessage(keyPackage, "mls_key_package").keyPackage;
      const { key } = await checkKeyPackage(bundle, this.#visit, now);
      const old = this.#members.find((member) => equal(member.identity.key, key));
      if (!old) throw new SecrecyError("unknown-leaf");
      return this.#propose({ keyPackage, remove: [old.leaf] }, { now, silence: noSilence });
    });
  }

  refresh(): Promise<Proposal> {
    return this.ordain(this.#charter);
  }

  ordain(charter: Charter): Promise<Proposal> {
    const facts = { now: 0, silence: noSilence };
    return this.#inTurn(() => this.#propose({ keyPackage: null, remove: [] }, facts, charter));
  }

  withdraw(): void {
    this.#pending = null;
  }

  apply(message: Bytes, facts: Facts): Promise<Outcome> {
    return this.#inTurn(async () => {
      const pending = this.#pending;
      if (pending && equal(pending.proposal.commit, message)) return this.#merge(pending.made);
      const { privateMessage } = readMessage(message, "mls_private_message");
      const { groupId, epoch } = privateMessage;
      if (!equal(groupId, this.#state.groupContext.groupId)) throw new SecrecyError("wrong-group");
      if (epoch > this.#state.groupContext.epoch) throw new SecrecyError("future-epoch");
      if (privateMessage.contentType === "application") return this.#note(privateMessage);
      if (privateMessage.contentType !== "commit") throw new SecrecyError("standalone-proposal");
      if (epoch < this.#state.groupContext.epoch) throw new SecrecyError("stale-epoch");
      return this.#commit(privateMessage, facts);
    });
  }

  sendApplication(body: Bytes): Promise<Bytes> {
    return this.#inTurn(async () => {
      if (body.length > BODY_BYTES) throw new SecrecyError("too-large");
      const state = this.#state;
      const sealed = await protectApplicationData(
        state.signaturePrivateKey,
        state.keySchedule.senderDataSecret,
        body,
        new Uint8Array(0),
        state.groupContext,
        state.secretTree,
        state.privatePath.leafIndex,
        state.clientConfig.paddingConfig,
        await suite(),
      );
      this.#state = { ...state, secretTree: sealed.newSecretTree };
      wipe(sealed.consumed);
      return writeMessage({
        version: "mls10",
        wireformat: "mls_private_message",
        privateMessage: sealed.privateMessage,
      });
    });
  }

  async export(label: string, context: Bytes, length: number): Promise<Bytes> {
    this.#alive();
    const { exporterSecret } = this.#state.keySchedule;
    return copy(await mlsExporter(exporterSecret, label, context, length, await suite()));
  }

  mediaKey(): Promise<Bytes> {
    return this.export(MEDIA_LABEL, new Uint8Array(0), MEDIA_KEY_BYTES);
  }

  async longCode(): Promise<string> {
    this.#alive();
    return longCode(this.#state.keySchedule.epochAuthenticator);
  }

  close(): void {
    this.#end("closed");
  }

  async #propose(
    { keyPackage, remove }: { keyPackage: Bytes | null; remove: number[] },
    facts: Facts,
    charter = this.#charter,
  ): Promise<Proposal> {
    if (this.#pending) throw new SecrecyError("commit-pending");
    const bundle = keyPackage && readMessage(keyPackage, "mls_key_package").keyPackage;
    const adds = bundle ? [await checkKeyPackage(bundle, this.#visit, facts.now)] : [];
    const plan: Plan = { committer: this.own, adds, removes: remove, charter };
    judge({ members: this.#members, charter: this.#charter }, plan, facts.silence);
    const cs = await suite();
    const made = await unlessLibrary(makeCommit(this.#state, { add: bundle, remove, charter }, cs));
    this.#state = made.spent;
    const to = bundle && copy(await makeKeyPackageRef(bundle, cs.hash));
    const welcome = to && made.welcome ? { to, message: made.welcome } : null;
    const proposal = { epoch: this.epoch, commit: made.commit, welcome };
    this.#pending = { proposal, made };
    return proposal;
  }

  /** Our own commit came back from the log. */
  #merge(made: MadeCommit): Outcome {
    const { initSecret } = this.#state.keySchedule;
    const [historicalReceiverData] = addHistoricalReceiverData(this.#state);
    const outcome = this.#moveTo({ ...made.next, historicalReceiverData }, made.charter, this.own);
    wipe([initSecret]);
    return outcome;
  }

  async #commit(message: PrivateMessage, facts: Facts): Promise<Outcome> {
    const content = await readCommit(this.#state, message, this.#visit, facts.now);
    const { sender, adds, removes, charter } = content;
    const before = { members: this.#members, charter: this.#charter };
    judge(before, { committer: sender, adds, removes, charter }, facts.silence, SILENT_TO_APPLY_MS);
    // Who is removed can't follow the path (the library stumbles when the leaf is taken again at once): the
    // signature and the rules are checked, and that is enough to stop.
    if (removes.includes(this.own)) {
      const by = this.#at(sender);
      this.#end("removed");
      return { kind: "removed", by };
    }
    const { initSecret } = this.#state.keySchedule;
    const next = await unlessLibrary(follow(this.#state, content, await suite()));
    const outcome = this.#moveTo(next, charter, sender);
    wipe([...content.consumed, initSecret]);
    return outcome;
  }

  #moveTo(state: ClientState, charter: Charter, sender: number): Outcome {
    const members = membersOf(state.ratchetTree);
    inspect(members, charter);
    const by = this.#at(sender);
    const added = members.filter((member) => !holds(this.#members, member));
    const departed = this.#members.filter((member) => !holds(members, member));
    const own = sender === this.own;
    this.#state = state;
    this.#charter = charter;
    this.#members = members;
    this.#pending = null;
    return { kind: "epoch", epoch: this.epoch, by, added, departed, own };
  }

  async #note(message: PrivateMessage): Promise<Outcome> {
    if (message.authenticatedData.length > 0) throw new SecrecyError("malformed");
    const state = this.#state;
    const current = message.epoch === state.groupContext.epoch;
    const past = state.historicalReceiverData.get(message.epoch);
    if (!current && !past) throw new SecrecyError("stale-epoch");
    const { senderDataSecret, secretTree, ratchetTree, groupContext } = past ?? {
      ...state,
      ...state.keySchedule,
    };
    const retention = state.clientConfig.keyRetentionConfig;
    const cs = await suite();
    const opened = await unlessLibrary(
      unprotectPrivateMessage(
        senderDataSecret,
        message,
        secretTree,
        ratchetTree,
        groupContext,
        retention,
        cs,
      ),
    );
    const { content } = opened.content;
    if (content.contentType !== "application" || content.sender.senderType !== "member")
      throw new SecrecyError("unreadable");
    const leaf = content.sender.leafIndex;
    const then = membersOf(ratchetTree).find((member) => member.leaf === leaf);
    // Who was removed says nothing any more, also not under the keys of before.
    if (!then || !holds(this.#members, then)) throw new SecrecyError("sender-gone");
    const body = copy(content.applicationData);
    if (past) {
      const kept = new Map(state.historicalReceiverData).set(message.epoch, {
        ...past,
        secretTree: opened.tree,
      });
      this.#state = { ...state, historicalReceiverData: kept };
    } else this.#state = { ...state, secretTree: opened.tree };
    wipe(opened.consumed);
    return { kind: "note", epoch: Number(message.epoch), from: then, body };
  }

  #at(leaf: number): Member {
    const member = this.#members.find((each) => each.leaf === leaf);
    if (!member) throw new SecrecyError("unknown-leaf");
    return member;
  }

  #alive(): void {
    if (this.#over) throw new SecrecyError(this.#over);
  }

  /** Steps that read and replace the state never overlap. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      this.#alive();
      return step();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #end(why: "removed" | "closed"): void {
    this.#over ??= why;
    this.#pending = null;
    const { keySchedule, signaturePrivateKey, privatePath } = this.#state;
    wipe([...Object.values(keySchedule), signaturePrivateKey, ...Object.values(privatePath.privateKeys)]);
    this.#state = { ...this.#state, secretTree: [], historicalReceiverData: new Map() };
  }
}

/** Same leaf, same leaf key: the same member, not a successor. */
function holds(members: Member[], wanted: Member): boolean {
  return members.some((member) => member.leaf === wanted.leaf && equal(member.leafKey, wanted.leafKey));
}

function wipe(secrets: Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

/** Whatever the library refuses has one name here; what it said stays in `cause`. */
async function unlessLibrary<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof SecrecyError ? error : new SecrecyError("unreadable", error);
  }
}

const noSilence = (): number => 0;
/** RFC 9605 5.2. */
const MEDIA_LABEL = "SFrame 1.0 Base Key";
const MEDIA_KEY_BYTES = 16;
export const BODY_BYTES = MESSAGE_BYTES - 1024;
