import { beforeEach, describe, expect, it, vi } from "vitest";

import { AppError } from "#app/lib/errors.ts";
import { customer } from "#tests/setup/views.ts";

import { action, loader } from "./app.customers.$id.tsx";

// Mocks of what the route calls, which has tests of its own.
const mocks = vi.hoisted(() => {
  // Test files share modules; this drops mocks of other files.
  vi.resetModules();
  return {
    readCustomer: vi.fn(),
    optOut: vi.fn(),
    optIn: vi.fn(),
  };
});
vi.mock("#app/scoring/views/customer.server.ts", () => mocks);
vi.mock("#app/scoring/exclusion/exclusion.server.ts", () => mocks);
vi.mock("#app/shop/install.server.ts", () => mocks);
vi.mock("#app/shopify.server.ts", () => ({
  withAccess: (_request: Request, work: () => unknown) => work(),
  authenticate: { admin: () => Promise.resolve({ session: { shop: "gifts.myshopify.com" } }) },
}));

function visit(id: string, search = "") {
  const request = new Request(`https://encore.example.com/app/customers/${id}${search}`);
  return loader({ request, params: { id }, context: {} });
}

function press(intent: string, id = "12") {
  const request = new Request(`https://encore.example.com/app/customers/${id}`, {
    method: "POST",
    body: new URLSearchParams({ intent }),
  });
  return action({ request, params: { id }, context: {} });
}

async function thrownStatus(promise: Promise<unknown>): Promise<number> {
  const thrown: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
  return thrown.status;
}

beforeEach(() => {
  vi.resetAllMocks();
});

describe("showing a customer", () => {
  it("reads it in the shop of the session", async () => {
    mocks.readCustomer.mockResolvedValue({ kind: "scored", view: customer });
    expect(await visit("12")).toEqual({ kind: "scored", view: customer, from: null });
    expect(mocks.readCustomer).toHaveBeenCalledWith("gifts.myshopify.com", "12");
  });

  it("keeps the target the merchant came from, if it exists", async () => {
    mocks.readCustomer.mockResolvedValue({ kind: "scored", view: customer });
    expect(await visit("12", "?from=buy:low")).toMatchObject({
      from: { axis: "buy", tier: "low" },
    });
    expect(await visit("12", "?from=//evil.example")).toMatchObject({ from: null });
  });

  it("remembers the list the merchant came from, which is always one of ours", async () => {
    mocks.readCustomer.mockResolvedValue({ kind: "scored", view: customer });
    const list = encodeURIComponent("view=due&after=0~1~7");
    expect(await visit("12", `?from=customers&list=${list}`)).toMatchObject({
      from: { list: "/app/customers?view=due&after=0%7E1%7E7" },
    });
    for (const odd of ["", "&list=//evil.example", "&list=view%3Deverybody"]) {
      expect(await visit("12", `?from=customers${odd}`)).toMatchObject({
        from: { list: "/app/customers" },
      });
    }
  });

  it("is not found without a score, and refuses an invalid id", async () => {
    mocks.readCustomer.mockResolvedValue(null);
    expect(await thrownStatus(visit("12"))).toBe(404);
    mocks.readCustomer.mockClear();
    for (const id of ["12;drop", "12\0", "", "1".repeat(6_000)]) {
      expect(await thrownStatus(visit(id))).toBe(400);
    }
    expect(mocks.readCustomer).not.toHaveBeenCalled();
  });

  it("answers 502 with the code when Shopify cannot be used", async () => {
    mocks.readCustomer.mockRejectedValue(
      new AppError("shopify-unreachable", "no answer", { retryable: true }),
    );
    expect(await thrownStatus(visit("12"))).toBe(502);
  });
});

describe("leaving a customer out", () => {
  it("does it in the shop of the session, and reverts it", async () => {
    mocks.optOut.mockResolvedValue(true);
    expect(await press("leave-out")).toEqual({ done: "leave-out" });
    expect(mocks.optOut).toHaveBeenCalledWith("gifts.myshopify.com", "12");
    mocks.optIn.mockResolvedValue(true);
    expect(await press("score-again")).toEqual({ done: "score-again" });
    expect(mocks.optIn).toHaveBeenCalledWith("gifts.myshopify.com", "12");
  });

  it("answers 404 for a customer whom the shop does not have", async () => {
    for (const intent of ["leave-out", "score-again"]) {
      mocks.optOut.mockResolvedValue(false);
      mocks.optIn.mockResolvedValue(false);
      expect(await thrownStatus(press(intent))).toBe(404);
      expect(await thrownStatus(press(intent, "x"))).toBe(400);
    }
  });

  it("refuses other intents", async () => {
    expect(await thrownStatus(press("delete"))).toBe(400);
    expect(mocks.optOut).not.toHaveBeenCalled();
  });
});
