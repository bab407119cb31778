type Waiting<Item> = { item: Item; resolve: () => void; reject: (error: unknown) => void };

/**
 * Combines concurrent work: items added while a turn runs wait for the next turn, so that a turn
 * does much under load, and otherwise nothing waits. `add` resolves when the item's own work is
 * done.
 *
 * When a turn with several items fails, each is done again alone, so that one cannot fail the
 * others. The work must therefore have no effect when it throws.
 */
export class Batches<Item> {
  readonly #work: (items: Item[]) => Promise<void>;
  readonly #limits: { turnsAtOnce: number; itemsPerTurn: number };
  #waiting: Waiting<Item>[] = [];
  #turns = 0;

  constructor(
    work: (items: Item[]) => Promise<void>,
    limits: { turnsAtOnce: number; itemsPerTurn: number },
  ) {
    this.#work = work;
    this.#limits = limits;
  }

  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      void this.#turn();
    });
  }

  async #turn(): Promise<void> {
    if (this.#turns >= this.#limits.turnsAtOnce || this.#waiting.length === 0) return;
    this.#turns += 1;
    const taken = this.#waiting.splice(0, this.#limits.itemsPerTurn);
    await this.#do(taken);
    this.#turns -= 1;
    void this.#turn();
  }

  async #do(taken: Waiting<Item>[]): Promise<void> {
    try {
      await this.#work(taken.map(({ item }) => item));
      for (const { resolve } of taken) resolve();
    } catch (error) {
      if (taken.length > 1) for (const one of taken) await this.#do([one]);
      else taken[0]?.reject(error);
    }
  }
}
