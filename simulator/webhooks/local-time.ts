import { createTimeZone, type TimeZone } from "#simulator/time-zone.ts";

const zones = new Map<string, TimeZone>();

/** An instant in the format of webhooks' REST bodies: local time of the shop with UTC offset. */
export function localTime(iso: string, timeZone: string): string {
  const zone = zones.get(timeZone) ?? createTimeZone(timeZone);
  zones.set(timeZone, zone);
  const utcMs = Date.parse(iso);
  const wallMs = zone.toWall(utcMs);
  const minutes = Math.round((wallMs - utcMs) / 60_000);
  const two = (value: number) => String(value).padStart(2, "0");
  const distance = `${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${new Date(wallMs).toISOString().slice(0, 19)}${minutes < 0 ? "-" : "+"}${distance}`;
}
