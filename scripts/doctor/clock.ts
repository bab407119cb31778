import { type Finding, ok, wrong } from "./finding.ts";

/** Shopify's library takes session tokens that are off by so much, and refuses others. */
const TOLERANCE_MS = 10_000;

/** A moment of another clock, and when by our own it was asked for and told. */
export type Reading = { theirs: number; askedAt: number; toldAt: number };

/**
 * Compares this machine's clock with another. What the answer took, and how finely it tells the time,
 * is no difference.
 *
 * @param unitMs how finely the other tells the time
 */
export function compareClocks(whose: string, reading: Reading, unitMs = 0): Finding {
  const { theirs, askedAt, toldAt } = reading;
  const behind = Math.max(0, theirs - toldAt);
  const ahead = Math.max(0, askedAt - (theirs + unitMs));
  const offMs = Math.max(behind, ahead);
  if (offMs <= TOLERANCE_MS) return ok("Clock", `within ${TOLERANCE_MS / 1000} s of ${whose}`);
  const found = `${Math.round(offMs / 1000)} s ${behind > 0 ? "behind" : "ahead of"} ${whose}`;
  const todo = "set this machine's clock (NTP): session tokens live a minute, and are refused else";
  return wrong("Clock", { found, todo });
}
