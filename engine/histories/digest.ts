import type { Purchases } from "./summary.ts";

/**
 * 128-bit digest of a set of purchases, as 32 hexadecimal digits. Each customer's days and amounts
 * are hashed in order; the customers' hashes are added, so that neither the order of the input nor
 * the numbering of customers matters. Not cryptographic: it detects accidental differences.
 */
export function digest({ customer, day, amount }: Purchases): string {
  const bytes = new Uint32Array(amount.buffer, amount.byteOffset, 2 * amount.length);
  const sums = new Uint32Array(4);
  const lanes = new Uint32Array(4);
  for (let i = 0; i < customer.length; i++) {
    if (i === 0 || customer[i] !== customer[i - 1]) lanes.set(SEEDS);
    for (let lane = 0; lane < 4; lane++) {
      let hash = mix(lanes[lane] ^ day[i]);
      hash = mix(hash ^ bytes[2 * i]);
      lanes[lane] = mix(hash ^ bytes[2 * i + 1]);
    }
    if (customer[i] === customer[i + 1]) continue;
    for (let lane = 0; lane < 4; lane++) sums[lane] += mix(lanes[lane] + lane);
  }
  return [...sums].map((sum) => sum.toString(16).padStart(8, "0")).join("");
}

const SEEDS = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f];

/**
 * The finalizer of MurmurHash3 (Appleby 2011), with a constant added so that zero is not a fixed
 * point.
 */
function mix(value: number): number {
  let hash = (value + 0x6ed9eba1) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
