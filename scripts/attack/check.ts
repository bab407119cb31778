import type { Sent } from "./send.ts";
import type { Stage } from "./stage.ts";

/** One attack, or several of a kind. */
export type Check = {
  /** What holds, in a sentence. */
  holds: string;
  /** @returns what did not hold; nothing when all did */
  run: (stage: Stage) => Promise<string[]>;
};

/** Nothing that an attacker's text may be found in: neither in a page nor in a log. */
export const MARKER = "eve.marker@example.com";

/** Complains of an answer with a status that is none of these. */
export function unless(
  statuses: readonly number[],
  what: string,
  { status, text }: Sent,
): string[] {
  if (statuses.includes(status)) return [];
  const said = status >= 500 ? ` (${text.slice(0, 80)})` : "";
  return [`${what}: ${status || "no answer"}${said}, expected ${statuses.join(" or ")}`];
}

/** Complains where two are not the same. */
export function differs(what: string, found: unknown, wanted: unknown): string[] {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  return is === should ? [] : [`${what}: ${is}, expected ${should}`];
}
