/** A seeded random source: the same seed gives the same run, so that a failing test can be repeated. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** A version 4 UUID. */
  uuid(): string;
};

const variants = ["8", "9", "a", "b"] as const;

/** SplitMix32, spread over all 32 bits; period 2^32, which is ample for names, ids and faults. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 4294967296;
  };
  const integer = (bound: number) => Math.floor(next() * bound);
  const pick = <T>(items: readonly [T, ...T[]]): T => items[integer(items.length)] ?? items[0];
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => integer(16).toString(16)).join("");
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(variants)}${hex(3)}-${hex(12)}`;
  return { next, integer, pick, hex, uuid };
}
