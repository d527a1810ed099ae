// One random script: people come, go, come back, renew their keys and talk, in a group of both
// implementations. After every step everybody must see the same. Owns who does what; refuses nothing the
// rules of the room allow.

import { type Bytes, equal, random } from "../../src/secrecy/bytes.ts";
import type { Charter } from "../../src/secrecy/charter.ts";
import { makeIdentityKey, publicKeyOf } from "../../src/secrecy/identity.ts";
import { MEMBERS } from "../../src/secrecy/rules.ts";
import { Dice } from "./dice.ts";
import { openmls, ours, type Person, type Player, type Step } from "./player.ts";

/** What a script did: one line a step, and how often everybody's view was compared. */
export interface Played {
  steps: string[];
  compared: number;
  failure: Error | null;
}

export async function play(seed: number, program: string): Promise<Played> {
  const script = new Script(new Dice(seed), program);
  try {
    await script.run();
    return { ...script.told(), failure: null };
  } catch (error) {
    return { ...script.told(), failure: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    script.end();
  }
}

class Script {
  #dice: Dice;
  #program: string;
  #group: Bytes = random(16);
  #players: Player[] = [];
  #ended: Player[] = [];
  #charter: Charter | null = null;
  #steps: string[] = [];
  #compared = 0;
  #named = 0;

  constructor(dice: Dice, program: string) {
    this.#dice = dice;
    this.#program = program;
  }

  async run(): Promise<void> {
    const pair = await makeIdentityKey();
    const key = await publicKeyOf(pair);
    this.#charter = { host: key, order: [key], locked: false, check: false };
    const host = await this.#enter({ name: "Host", role: "host", pair });
    await host.found(this.#group);
    this.#players = [host];
    this.#steps.push(`${shown(host)} founds`);
    await this.#admit();
    for (let step = 0; step < STEPS; step++) await this.#step();
    if (this.#dice.toss()) await this.#emptyTheLeft();
  }

  told(): { steps: string[]; compared: number } {
    return { steps: this.#steps, compared: this.#compared };
  }

  end(): void {
    for (const player of [...this.#players, ...this.#ended]) player.end();
  }

  async #step(): Promise<void> {
    const roll = this.#dice.below(10);
    const few = this.#players.length < 2;
    if ((roll < 4 && this.#players.length < MEMBERS) || few) await this.#admit();
    else if (roll < 5) await this.#remove();
    else if (roll < 6) await this.#rejoin();
    else if (roll < 8) await this.#update();
    else await this.#chat();
  }

  /** Only the host adds people who were not there. */
  async #admit(): Promise<void> {
    const person = { name: `P${this.#named++}`, role: "patient" as const, pair: await makeIdentityKey() };
    const newcomer = await this.#enter(person);
    await this.#commit(this.#host, "admits", [], newcomer);
  }

  /** Anybody may remove whoever has been silent; nobody removes themselves, and somebody stays. */
  async #remove(): Promise<void> {
    const by = this.#dice.pick(this.#players);
    const others = this.#guests.filter((player) => player !== by);
    if (others.length === 0) return this.#update();
    await this.#commit(by, "removes", this.#dice.several(others, 3), null);
  }

  /** Anybody may bring back somebody who lost their keys. */
  async #rejoin(): Promise<void> {
    const by = this.#dice.pick(this.#players);
    const others = this.#guests.filter((player) => player !== by);
    if (others.length === 0) return this.#update();
    const old = this.#dice.pick(others);
    await this.#commit(by, "brings back", [old], await this.#enter(old));
  }

  async #update(): Promise<void> {
    await this.#commit(this.#dice.pick(this.#players), "renews", [], null);
  }

  /** The host goes and the lowest leaf after that: the left of the tree goes blank, up to its root. */
  async #emptyTheLeft(): Promise<void> {
    while (this.#players.length < 4) await this.#admit();
    for (let gone = 0; gone < 2; gone++) {
      const leaves = await Promise.all(this.#players.map((player) => this.#leafOf(player)));
      const lowest = this.#players[leaves.indexOf(Math.min(...leaves))] as Player;
      const others = this.#players.filter((player) => player !== lowest);
      await this.#commit(this.#dice.pick(others), "removes", [lowest], null);
    }
    for (let renewed = 0; renewed < 3; renewed++) await this.#update();
    await this.#chat();
  }

  async #chat(): Promise<void> {
    const from = this.#dice.pick(this.#players);
    this.#steps.push(`${shown(from)} says something`);
    const leaf = await this.#leafOf(from);
    const body = random(1 + this.#dice.below(600));
    const message = await from.say(body);
    for (const player of this.#players) {
      if (player === from) continue;
      const heard = await player.hear(message);
      if (heard.leaf !== leaf) throw new Error(`${shown(player)} heard leaf ${heard.leaf}, it was ${leaf}`);
      if (!equal(heard.body, body)) throw new Error(`${shown(player)} heard something else`);
    }
    await this.#compare();
  }

  async #commit(by: Player, does: string, gone: Player[], newcomer: Player | null): Promise<void> {
    if (!this.#charter) throw new Error("there is no charter yet");
    const whom = newcomer ? [newcomer] : gone;
    this.#steps.push([shown(by), does, ...whom.map(shown)].join(" "));
    const remove = await Promise.all(gone.map((player) => this.#leafOf(player)));
    const step: Step = { remove, keyPackage: newcomer?.keyPackage ?? null };
    const { commit, welcome } = await by.commit(step, this.#charter);
    for (const player of this.#players) {
      if (player === by) continue;
      const removed = await player.follow(commit);
      if (removed !== gone.includes(player)) throw new Error(`${shown(player)} is wrong about being removed`);
    }
    this.#ended.push(...gone);
    this.#players = this.#players.filter((player) => !gone.includes(player));
    for (const player of gone) player.end();
    if (newcomer) {
      await newcomer.join(welcome, this.#group);
      this.#players.push(newcomer);
    }
    await this.#compare();
  }

  async #compare(): Promise<void> {
    const views = await Promise.all(this.#players.map((player) => player.seen()));
    for (const field of ["epoch", "exporter", "authenticator", "roster"] as const) {
      const said = views.map((view) => JSON.stringify(view[field]));
      if (new Set(said).size === 1) continue;
      const lines = said.map((each, at) => `  ${shown(this.#players[at] as Player)}: ${each}`);
      throw new Error(`${field} differs:\n${lines.join("\n")}`);
    }
    const names = views[0]?.roster.map((each) => each.split(" ").at(-1)).sort();
    const expected = this.#players.map((player) => player.name).sort();
    if (names?.join() !== expected.join()) throw new Error(`there should be ${expected}, there are ${names}`);
    this.#compared++;
  }

  async #enter(person: Person): Promise<Player> {
    const { name, role, pair } = person;
    const player = this.#dice.toss()
      ? await openmls({ name, role, pair }, this.#program)
      : await ours({ name, role, pair });
    this.#ended.push(player);
    return player;
  }

  async #leafOf(player: Player): Promise<number> {
    const { roster } = await player.seen();
    const found = roster.find((each) => each.endsWith(` ${player.name}`));
    if (!found) throw new Error(`${shown(player)} is not on the list`);
    return Number(found.split(" ")[0]);
  }

  get #host(): Player {
    return this.#players[0] as Player;
  }

  get #guests(): Player[] {
    return this.#players.slice(1);
  }
}

function shown({ name, kind }: Player): string {
  return `${name} (${kind})`;
}

const STEPS = 16;
