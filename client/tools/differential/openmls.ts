// One openmls member: a process that answers a line for every line. Bounded: an answer that does not come in
// time is an error.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class Openmls {
  #process: ChildProcess;
  #waiting: { done(answer: string): void; failed(why: Error): void }[] = [];
  #said = "";

  constructor(program: string) {
    const process = spawn(program, { stdio: ["pipe", "pipe", "pipe"] });
    this.#process = process;
    createInterface({ input: process.stdout }).on("line", (line) => this.#waiting.shift()?.done(line));
    process.stderr.on("data", (chunk) => (this.#said = `${this.#said}${chunk}`.slice(-ERROR_CHARS)));
    const ended = () => {
      for (const each of this.#waiting.splice(0)) each.failed(new Error(`openmls ended: ${this.#said}`));
    };
    process.on("error", ended).on("exit", ended);
    process.stdin.on("error", ended);
  }

  async ask(word: string, ...rest: string[]): Promise<string> {
    const answer = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`openmls did not answer ${word}`)), ANSWER_MS);
      this.#waiting.push({
        done: (line) => (clearTimeout(timer), resolve(line)),
        failed: (why) => (clearTimeout(timer), reject(why)),
      });
      this.#process.stdin?.write(`${[word, ...rest].join(" ")}\n`);
    });
    if (!answer.startsWith("+")) throw new Error(`openmls, ${word}: ${answer.slice(1)}`);
    return answer.slice(1);
  }

  end(): void {
    this.#process.kill();
  }
}

const ANSWER_MS = 60_000;
const ERROR_CHARS = 2000;
