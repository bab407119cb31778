import { BadInput, quoted } from "../bad-input.ts";
import { DAY_MS, utcOf } from "./calendar.ts";

/** A time zone: converts a time to its day there. */
export class Zone {
  #format: Intl.DateTimeFormat;
  /** Offset for a whole UTC day; NaN for a day with a clock change. */
  #offsets = new Map<number, number>();

  constructor(name: string) {
    try {
      this.#format = new Intl.DateTimeFormat("en-US", {
        timeZone: name,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
      });
    } catch {
      throw new BadInput(
        `--timezone ${quoted(name)} is not a time zone: write a name such as Europe/Paris or UTC`,
      );
    }
  }

  /** The day of a time in milliseconds, as days since 1970-01-01. */
  dayOf(moment: number): number {
    return Math.floor((moment + this.#offsetAt(moment)) / DAY_MS);
  }

  #offsetAt(moment: number): number {
    const day = Math.floor(moment / DAY_MS);
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      const first = this.#measure(day * DAY_MS);
      offset = first === this.#measure((day + 1) * DAY_MS - 1000) ? first : Number.NaN;
      this.#offsets.set(day, offset);
    }
    return Number.isNaN(offset) ? this.#measure(moment) : offset;
  }

  #measure(moment: number): number {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(moment)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return utcOf([year, month, day], [hour, minute, second]) - Math.floor(moment / 1000) * 1000;
  }
}
