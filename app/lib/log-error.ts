/** An error as it is logged, without the data that was being processed. */
export type LoggedError = {
  type: string;
  message: string;
  code?: string;
  /** The frames alone; a stack's first line repeats the message. */
  stack?: string;
  cause?: LoggedError;
};

const MAX_CAUSES = 5;

/**
 * Libraries put data into their errors: PostgreSQL the row or the line of a COPY, Prisma the
 * arguments, fetch the URL with its query, JSON.parse the text. This keeps type, code, the message
 * without those values, and the stack frames.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!isLikeAnError(error)) return { type: typeof error, message: "something else was thrown" };
  const { code } = error;
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line));
  return {
    type: error.name ?? "Error",
    message: messageOf(error, code),
    ...(typeof code === "string" ? { code } : {}),
    ...(frames === undefined || frames.length === 0 ? {} : { stack: frames.join("\n") }),
    ...(error.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: loggedError(error.cause, depth + 1) }),
  };
}

type ErrorLike = Pick<Error, "message" | "stack" | "cause"> & { name?: string; code?: unknown };

/** Also accepts the queue's errors, which are plain objects with copied fields. */
function isLikeAnError(error: unknown): error is ErrorLike {
  if (error instanceof Error) return true;
  if (typeof error !== "object" || error === null) return false;
  return "message" in error && typeof error.message === "string" && "stack" in error;
}

function messageOf(error: ErrorLike, code: unknown): string {
  const text = error.message.replaceAll(/(https?:\/\/[^\s?"']+)\?[^\s"']+/g, "$1?…");
  // Class 22 is PostgreSQL's "data exception", which quotes the rejected value.
  if (typeof code === "string" && /^22[0-9A-Z]{3}$/.test(code)) {
    return text.replaceAll(/"[^"]*"/g, '"…"');
  }
  // JSON.parse and Headers quote the invalid text, which may itself contain quotes.
  if (error.name === "SyntaxError" || / is an invalid header (name|value)/.test(text)) {
    return text.replaceAll(/".*"/gs, '"…"');
  }
  if (error.name?.startsWith("PrismaClient")) return text.trim().split("\n").at(-1) ?? "";
  return text;
}
