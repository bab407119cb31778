/** Rows of orders in growing columns: 20 bytes for each row, however many columns the file has. */
export class OrderTable {
  /** Customer ids in order of appearance; rows refer to their index. */
  ids: string[] = [];
  rows = 0;
  customer = new Int32Array(1024);
  day = new Int32Array(1024);
  /** Ten-thousandths; negative for refunds. */
  units = new Float64Array(1024);
  /** A hash of all cells, or 0 where an equal row may be a different order. */
  print = new Int32Array(1024);
  #index = new Map<string, number>();
  /** Cache: files often have a customer's orders one after another. */
  #last = { id: "", index: -1 };

  add(id: string, order: { day: number; units: number; print: number }): void {
    if (this.rows === this.day.length) this.#grow();
    this.customer[this.rows] = this.#indexOf(id);
    this.day[this.rows] = order.day;
    this.units[this.rows] = order.units;
    this.print[this.rows] = order.print;
    this.rows++;
  }

  /** The last day on which there is a row; null without rows. */
  lastDay(): number | null {
    let last: number | null = null;
    for (let row = 0; row < this.rows; row++) {
      if (last === null || this.day[row] > last) last = this.day[row];
    }
    return last;
  }

  #indexOf(id: string): number {
    if (id === this.#last.id && this.#last.index !== -1) return this.#last.index;
    let index = this.#index.get(id);
    if (index === undefined) {
      index = this.ids.length;
      this.ids.push(id);
      this.#index.set(id, index);
    }
    this.#last = { id, index };
    return index;
  }

  /**
   * Renumbers the customers by id, in the order of UTF-16 code units, so that results do not depend
   * on the order of the rows.
   */
  sortCustomers(): void {
    const sorted = [...this.ids].sort();
    const place = new Int32Array(sorted.length);
    sorted.forEach((id, rank) => {
      place[this.#index.get(id) ?? rank] = rank;
      this.#index.set(id, rank);
    });
    this.#last.index = -1;
    for (let row = 0; row < this.rows; row++) this.customer[row] = place[this.customer[row]];
    this.ids = sorted;
  }

  #grow(): void {
    const capacity = 2 * this.day.length;
    this.customer = grown(this.customer, new Int32Array(capacity));
    this.day = grown(this.day, new Int32Array(capacity));
    this.units = grown(this.units, new Float64Array(capacity));
    this.print = grown(this.print, new Int32Array(capacity));
  }
}

function grown<T extends Int32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

/** FNV-1a over all cells, never 0. */
export function printOf(cells: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const cell of cells) {
    for (let i = 0; i < cell.length; i++) hash = Math.imul(hash ^ cell.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  return hash === 0 ? 1 : hash;
}
