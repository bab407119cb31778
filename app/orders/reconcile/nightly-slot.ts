import { zoneOffset } from "#app/lib/calendar.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Hours of the shop's time zone in which few people buy. */
const FROM_HOUR = 1;
const UNTIL_HOUR = 5;

/**
 * A shop's last nightly slot: a fixed minute of its own between one and five o'clock, so that the
 * shops of one time zone are spread out.
 *
 * @param timeZone IANA name
 * @returns the last slot that is not after `moment`; on days of a clock change off by up to an hour
 */
export function lastNight(shop: string, moment: Date, timeZone: string): Date {
  const offsetMs = zoneOffset(timeZone)(moment.getTime());
  const slotMs = FROM_HOUR * 60 * MINUTE_MS + minuteOf(shop) * MINUTE_MS;
  const sinceSlotMs = modulo(moment.getTime() + offsetMs - slotMs, DAY_MS);
  return new Date(moment.getTime() - sinceSlotMs);
}

/** A hash of the shop (FNV-1a): stable, and spread evenly over shops. */
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
