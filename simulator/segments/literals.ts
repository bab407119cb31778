import type { Literal } from "./query.ts";
import type { Token } from "./tokens.ts";

/** Named dates, as days or months from today. */
const named: Readonly<Record<string, Literal>> = {
  today: { kind: "offset", amount: 0, unit: "d", named: true },
  yesterday: { kind: "offset", amount: -1, unit: "d", named: true },
  "7_days_ago": { kind: "offset", amount: -7, unit: "d", named: true },
  "30_days_ago": { kind: "offset", amount: -30, unit: "d", named: true },
  "90_days_ago": { kind: "offset", amount: -90, unit: "d", named: true },
  "12_months_ago": { kind: "offset", amount: -12, unit: "m", named: true },
  true: { kind: "boolean", value: true },
  false: { kind: "boolean", value: false },
};

/** The value of a token; null if it has none, as `2026-02-30`. */
export function readLiteral({ kind, text }: Token): Literal | null {
  switch (kind) {
    case "string":
      return { kind: "string", value: text.slice(1, -1).replace(/\\(.)/gs, "$1") };
    case "number":
      return { kind: "number", value: Number(text) };
    case "word":
      return namedLiteral(text.toLowerCase());
    case "offset":
      return readOffset(text);
    case "date":
      return readDate(text);
    default:
      return null;
  }
}

function readOffset(text: string): Literal | null {
  const unit = (["d", "w", "m", "y"] as const).find((one) => text.endsWith(one));
  const amount = Number(text.slice(0, -1));
  return unit === undefined ? null : { kind: "offset", amount, unit, named: false };
}

function readDate(text: string): Literal | null {
  const [day = "", time] = text.split("T");
  const moment = new Date(`${day}T${time ?? "00:00:00"}Z`);
  const real = !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day);
  if (!real) return null;
  const [year = 0, month = 0, dayOfMonth = 0] = day.split("-").map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = (time ?? "").split(":").map(Number);
  const secondOfDay = time === undefined ? null : hours * 3600 + minutes * 60 + seconds;
  return { kind: "date", year, month, day: dayOfMonth, secondOfDay };
}

function namedLiteral(word: string): Literal | null {
  return Object.hasOwn(named, word) ? (named[word] ?? null) : null;
}
