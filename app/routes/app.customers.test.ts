import { beforeEach, describe, expect, it, vi } from "vitest";

import { AppError } from "#app/lib/errors.ts";
import { customer } from "#tests/setup/views.ts";

import { action, loader } from "./app.customers.$id.tsx";

// What the route asks; what this does itself is tested where it stands.
const asked = vi.hoisted(() => {
  // Files share their modules: what another one has mocked must not be met here.
  vi.resetModules();
  return {
    readCustomer: vi.fn(),
    optOut: vi.fn(),
    optIn: vi.fn(),
  };
});
vi.mock("#app/scoring/views/customer.server.ts", () => asked);
vi.mock("#app/scoring/exclusion/exclusion.server.ts", () => asked);
vi.mock("#app/shop/install.server.ts", () => asked);
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
  it("asks for it in the shop of the session", async () => {
    asked.readCustomer.mockResolvedValue({ kind: "scored", view: customer });
    expect(await visit("12")).toEqual({ kind: "scored", view: customer, from: null });
    expect(asked.readCustomer).toHaveBeenCalledWith("gifts.myshopify.com", "12");
  });

  it("remembers the group the merchant came from, when there is such a group", async () => {
    asked.readCustomer.mockResolvedValue({ kind: "scored", view: customer });
    expect(await visit("12", "?from=buy:low")).toMatchObject({
      from: { axis: "buy", tier: "low" },
    });
    expect(await visit("12", "?from=//evil.example")).toMatchObject({ from: null });
  });

  it("remembers the list the merchant came from, which is always one of ours", async () => {
    asked.readCustomer.mockResolvedValue({ kind: "scored", view: customer });
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

  it("is not found without a score, and never asks for what is no number", async () => {
    asked.readCustomer.mockResolvedValue(null);
    expect(await thrownStatus(visit("12"))).toBe(404);
    asked.readCustomer.mockClear();
    for (const id of ["12;drop", "12\0", "", "1".repeat(6_000)]) {
      expect(await thrownStatus(visit(id))).toBe(400);
    }
    expect(asked.readCustomer).not.toHaveBeenCalled();
  });

  it("answers 502 with the code when Shopify cannot be asked for the name", async () => {
    asked.readCustomer.mockRejectedValue(
      new AppError("shopify-unreachable", "no answer", { retryable: true }),
    );
    expect(await thrownStatus(visit("12"))).toBe(502);
  });
});

describe("leaving a customer out", () => {
  it("does it in the shop of the session, and takes it back", async () => {
    asked.optOut.mockResolvedValue(true);
    expect(await press("leave-out")).toEqual({ done: "leave-out" });
    expect(asked.optOut).toHaveBeenCalledWith("gifts.myshopify.com", "12");
    asked.optIn.mockResolvedValue(true);
    expect(await press("score-again")).toEqual({ done: "score-again" });
    expect(asked.optIn).toHaveBeenCalledWith("gifts.myshopify.com", "12");
  });

  it("finds nobody to leave out, or to score again, who is no customer of the shop", async () => {
    for (const intent of ["leave-out", "score-again"]) {
      asked.optOut.mockResolvedValue(false);
      asked.optIn.mockResolvedValue(false);
      expect(await thrownStatus(press(intent))).toBe(404);
      expect(await thrownStatus(press(intent, "x"))).toBe(400);
    }
  });

  it("does nothing it was not asked for", async () => {
    expect(await thrownStatus(press("delete"))).toBe(400);
    expect(asked.optOut).not.toHaveBeenCalled();
  });
});
