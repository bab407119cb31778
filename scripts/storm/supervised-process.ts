import { setTimeout as sleep } from "node:timers/promises";

import { type Command, type Running, startNode } from "../stack/processes.ts";

const RESTART_MS = 300;

/** A process that is restarted whenever it ends, as a supervisor would do. */
export class Supervised {
  /** How often it ended without being killed by the storm. */
  endedByItself = 0;
  kills = 0;
  readonly #command: Command;
  #running: Running;
  #stopped = false;
  #expected = false;

  constructor(command: Command) {
    this.#command = command;
    this.#running = this.#start();
  }

  get running(): Running {
    return this.#running;
  }

  /** Kills it with SIGKILL; it is restarted. */
  async kill(): Promise<void> {
    this.kills += 1;
    this.#expected = true;
    await this.#running.stop("SIGKILL");
  }

  /** To be called before it is ended by other means. */
  expectEnd(): void {
    this.kills += 1;
    this.#expected = true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running.stop();
  }

  #start(): Running {
    const running = startNode(this.#command);
    running.child.once("exit", () => {
      void this.#again(running);
    });
    return running;
  }

  async #again(ended: Running): Promise<void> {
    if (!this.#expected && !this.#stopped) this.endedByItself += 1;
    this.#expected = false;
    await ended.stop();
    await sleep(RESTART_MS);
    if (!this.#stopped) this.#running = this.#start();
  }
}
