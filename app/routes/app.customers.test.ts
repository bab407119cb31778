import { beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "#app/errors.ts";
import { customer } from "#tests/setup/views.ts";
import { loader } from "./app.customers.$id.tsx";

// What the route asks; what this does itself is tested where it stands.
const asked = vi.hoisted(() => ({ readCustomer: vi.fn() }));
vi.mock("#app/scoring/customer.server.ts", () => asked);
vi.mock("#app/shopify.server.ts", () => ({
  authenticate: { admin: () => Promise.resolve({ session: { shop: "gifts.myshopify.com" } }) },
}));

function visit(id: string, search = "") {
  const request = new Request(`https://encore.example.com/app/customers/${id}${search}`);
  return loader({ request, params: { id }, context: {} });
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
    asked.readCustomer.mockResolvedValue(customer);
    expect(await visit("12")).toEqual({ view: customer, from: null });
    expect(asked.readCustomer).toHaveBeenCalledWith("gifts.myshopify.com", "12");
  });

  it("remembers the group the merchant came from, when there is such a group", async () => {
    asked.readCustomer.mockResolvedValue(customer);
    expect(await visit("12", "?from=buy:low")).toMatchObject({
      from: { axis: "buy", tier: "low" },
    });
    expect(await visit("12", "?from=//evil.example")).toMatchObject({ from: null });
  });

  it("is not found without a score, and never asks for what is no number", async () => {
    asked.readCustomer.mockResolvedValue(null);
    expect(await thrownStatus(visit("12"))).toBe(404);
    asked.readCustomer.mockClear();
    expect(await thrownStatus(visit("12;drop"))).toBe(404);
    expect(asked.readCustomer).not.toHaveBeenCalled();
  });

  it("answers 502 with the code when Shopify cannot be asked for the name", async () => {
    asked.readCustomer.mockRejectedValue(
      new AppError("shopify-unreachable", "no answer", { retryable: true }),
    );
    expect(await thrownStatus(visit("12"))).toBe(502);
  });
});
