import { describe, expect, it } from "vitest";

import { loggedError } from "./log-error.ts";

function databaseError(code: string, message: string): Error {
  const detail = "Key (shop, email)=(one, jane@example.com) already exists.";
  return Object.assign(new Error(message), { name: "error", code, detail, where: "COPY, line 3" });
}

describe("an error in the log", () => {
  it("keeps the kind, the code, the message and the frames", () => {
    const logged = loggedError(databaseError("23505", 'violates unique constraint "orders_pkey"'));
    expect(logged).toMatchObject({
      type: "error",
      code: "23505",
      message: 'violates unique constraint "orders_pkey"',
    });
    expect(logged.stack).toMatch(/^\s+at /);
  });

  it("leaves out the database's detail and the rejected value", () => {
    const invalid = 'invalid input syntax for type bigint: "jane@example.com"';
    expect(JSON.stringify(loggedError(databaseError("22P02", invalid)))).not.toMatch(/jane/);
    expect(JSON.stringify(loggedError(databaseError("23505", "twice")))).not.toMatch(/jane/);
  });

  it("leaves out the arguments in Prisma's messages", () => {
    const error = new Error('Invalid `find()`:\n{ where: { name: "Jane" } }\n\nUnknown argument.');
    error.name = "PrismaClientValidationError";
    expect(loggedError(error).message).toBe("Unknown argument.");
    expect(JSON.stringify(loggedError(error))).not.toMatch(/Jane/);
  });

  it("leaves out invalid JSON and header values", () => {
    const failing = [
      () => JSON.parse('{"email":"jane@example.com",}') as unknown,
      () => JSON.parse("jane@example.com") as unknown,
      () => JSON.parse('{"a":"b" "jane@example.com"}') as unknown,
      () => new Headers({ name: 'x\n"jane"' }),
    ];
    for (const fail of failing) {
      let thrown: unknown;
      try {
        fail();
      } catch (error) {
        thrown = error;
      }
      expect(loggedError(thrown).message).toMatch(/JSON|header/);
      expect(JSON.stringify(loggedError(thrown))).not.toMatch(/jane/);
    }
  });

  it("leaves out the query of a URL", () => {
    const error = new Error(
      "no answer from https://one.example/app?id_token=secret&shop=one today",
    );
    expect(loggedError(error).message).toBe("no answer from https://one.example/app?… today");
  });

  it("follows causes that are errors", () => {
    const cause = new TypeError("inner", { cause: { email: "jane@example.com" } });
    const logged = loggedError(new Error("outer", { cause }));
    expect(logged.cause).toMatchObject({ type: "TypeError", message: "inner" });
    expect(JSON.stringify(logged)).not.toMatch(/jane/);
  });

  it("reads an error that was copied into a plain object, as the queue does", () => {
    const { message, stack } = new Error("no connection");
    const logged = loggedError({ message, stack, code: "57P01", queue: "orders.follow" });
    expect(logged).toMatchObject({ type: "Error", message: "no connection", code: "57P01" });
    expect(logged.stack).toMatch(/^\s+at /);
  });

  it("stops at a limit when an error is its own cause", () => {
    const error = new Error("round");
    error.cause = error;
    expect(JSON.stringify(loggedError(error)).match(/round/g)).toHaveLength(6);
  });
});
