import type { Sent } from "./send.ts";
import type { Stage } from "./stage.ts";

/** One attack, or several similar ones. */
export type Check = {
  /** The expected behaviour, as a sentence. */
  holds: string;
  /** @returns complaints; empty if the check passed */
  run: (stage: Stage) => Promise<string[]>;
};

/** A marker in the attacker's input, which must not occur in a page or a log. */
export const MARKER = "eve.marker@example.com";

/** Complains if the response has another status. */
export function unless(
  statuses: readonly number[],
  what: string,
  { status, text }: Sent,
): string[] {
  if (statuses.includes(status)) return [];
  const said = status >= 500 ? ` (${text.slice(0, 80)})` : "";
  return [`${what}: ${status || "no answer"}${said}, expected ${statuses.join(" or ")}`];
}

/** Complains if the two differ. */
export function differs(what: string, found: unknown, wanted: unknown): string[] {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  return is === should ? [] : [`${what}: ${is}, expected ${should}`];
}
