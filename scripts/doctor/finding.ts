/** The result of one check. */
export type Finding = {
  /** fine; a warning; has to be fixed */
  mark: "ok" | "warn" | "wrong";
  about: string;
  /** Never a secret's value. */
  found: string;
  /** What to do about it; undefined for `ok`. */
  todo?: string;
};

export const ok = (about: string, found: string): Finding => ({ mark: "ok", about, found });

type Ailing = { found: string; todo: string };

export const warn = (about: string, { found, todo }: Ailing): Finding => ({
  ...{ mark: "warn", about, found, todo },
});

export const wrong = (about: string, { found, todo }: Ailing): Finding => ({
  ...{ mark: "wrong", about, found, todo },
});

const signs = { ok: "✓", warn: "!", wrong: "✗" };
const WIDTH = 16;

/** The finding as text: a line, and a second one with what to do. */
export function formatFinding({ mark, about, found, todo }: Finding): string {
  const line = `${signs[mark]} ${about.padEnd(WIDTH)} ${found}`;
  return todo === undefined ? line : `${line}\n${" ".repeat(WIDTH + 3)}→ ${todo}`;
}

/** `a, b and c` */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** The message of an error, in one line and without credentials of a URL. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  // fetch only says "fetch failed"; the reason is in the cause.
  if (error.cause instanceof Error && code === undefined) return messageOf(error.cause);
  const [line = ""] = error.message.split("\n");
  const text = line.replace(/\/\/[^@/\s]*@/g, "//…@");
  return typeof code === "string" && !text.includes(code) ? `${text} (${code})` : text;
}
