import { zoneOffset } from "#app/lib/calendar.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The hours of a shop's own clock in which few people buy. */
const FROM_HOUR = 1;
const UNTIL_HOUR = 5;

/**
 * When a shop's last night was: a moment of its own between one and five o'clock, so that the shops
 * of one time zone do not all come at once.
 *
 * @param timeZone IANA name
 * @returns the last such moment that is not after `moment`, to the hour on days when clocks change
 */
export function lastNight(shop: string, moment: Date, timeZone: string): Date {
  const offsetMs = zoneOffset(timeZone)(moment.getTime());
  const slotMs = FROM_HOUR * 60 * MINUTE_MS + minuteOf(shop) * MINUTE_MS;
  const sinceSlotMs = modulo(moment.getTime() + offsetMs - slotMs, DAY_MS);
  return new Date(moment.getTime() - sinceSlotMs);
}

/** Always the same for a shop, and spread evenly over shops. */
function minuteOf(shop: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < shop.length; index += 1) {
    hash = Math.imul(hash ^ shop.charCodeAt(index), 16_777_619) >>> 0;
  }
  return hash % ((UNTIL_HOUR - FROM_HOUR) * 60);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
