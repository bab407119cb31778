import { beforeEach, describe, expect, it, vi } from "vitest";
import { importing, notAgreed, scored } from "#tests/setup/views.ts";
import { AppError } from "#app/lib/errors.ts";
import { action, loader } from "./app._index.tsx";

// What the route asks; what these do themselves is tested where they stand.
const asked = vi.hoisted(() => ({
  ensureInstalled: vi.fn(),
  readHome: vi.fn(),
  readWriting: vi.fn(),
  readWaiting: vi.fn(),
  readKnownSegments: vi.fn(),
  agreeToWriting: vi.fn(),
  retryTask: vi.fn(),
  enqueueReconciliation: vi.fn(),
}));
vi.mock("#app/lib/clock.server.ts", () => ({ now: () => new Date("2026-11-21T12:00:00Z") }));
vi.mock("#app/shop/install.server.ts", () => asked);
vi.mock("#app/scoring/views/home.server.ts", () => asked);
vi.mock("#app/campaigns/target-segment.server.ts", () => asked);
vi.mock("#app/writeback/writing-view.server.ts", () => asked);
vi.mock("#app/privacy/reports/reports.server.ts", () => asked);
vi.mock("#app/orders/reconcile/reconciliation-runs.server.ts", () => asked);
vi.mock("#app/queue/retry.server.ts", () => ({
  parseProgressTask: (value: unknown) => (value === "import" ? value : null),
  retryTask: asked.retryTask,
}));
vi.mock("#app/shopify.server.ts", () => ({
  withAccess: (_request: Request, work: () => unknown) => work(),
  authenticate: { admin: () => Promise.resolve({ session: { shop: "gifts.myshopify.com" } }) },
}));

function visit(form?: Record<string, string>) {
  const request = new Request("https://encore.example.com/app?index", {
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  return { request, params: {}, context: {} };
}

beforeEach(() => {
  vi.resetAllMocks();
});

describe("opening home", () => {
  it("sees to the installation before it reads", async () => {
    asked.readHome.mockResolvedValue(scored());
    asked.readWriting.mockResolvedValue(notAgreed);
    const segment = { segmentId: "1", name: "High", query: "q", adminUrl: "shopify://admin/x" };
    asked.readKnownSegments.mockResolvedValue({ "clv:high": segment });
    const { view, writing, segments, nowMs } = await loader(visit());
    expect(view.state).toBe("scored");
    expect(segments).toEqual({ "clv:high": segment });
    expect(nowMs).toBe(Date.parse("2026-11-21T12:00:00Z"));
    expect(writing).toEqual(notAgreed);
    const [installed] = asked.ensureInstalled.mock.invocationCallOrder;
    expect(installed).toBeLessThan(asked.readHome.mock.invocationCallOrder[0]!);
  });

  it("says which requests of customers wait", async () => {
    asked.readHome.mockResolvedValue(importing());
    asked.readWaiting.mockResolvedValue({ count: 1, dueOn: "2026-12-20" });
    expect((await loader(visit())).requests).toEqual({ count: 1, dueOn: "2026-12-20" });
    expect(asked.readWaiting).toHaveBeenCalledWith("gifts.myshopify.com");
  });

  it("does not ask what would be written before there are scores", async () => {
    asked.readHome.mockResolvedValue(importing());
    expect((await loader(visit())).writing).toBeNull();
    expect(asked.readWriting).not.toHaveBeenCalled();
  });

  it("answers with the code when Shopify cannot be asked", async () => {
    const failure = new AppError("shopify-throttled", "busy", { retryable: true });
    asked.ensureInstalled.mockRejectedValue(failure);
    const thrown: unknown = await loader(visit()).catch((error: unknown) => error);
    if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
    expect(thrown.status).toBe(502);
    expect(await thrown.json()).toEqual({ code: "shopify-throttled" });
  });
});

describe("pressing the button of the dry run", () => {
  it("records the agreement of the session's shop", async () => {
    expect(await action(visit({ intent: "agree" }))).toEqual({ done: "agree" });
    expect(asked.agreeToWriting).toHaveBeenCalledWith("gifts.myshopify.com");
  });

  it("takes nothing else for an agreement", async () => {
    const thrown: unknown = await action(visit({ intent: "other" })).catch((e: unknown) => e);
    if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
    expect(thrown.status).toBe(400);
    expect(asked.agreeToWriting).not.toHaveBeenCalled();
  });
});

describe("pressing the button of a task that stopped", () => {
  it("asks for that task again", async () => {
    await action(visit({ intent: "retry", task: "import" }));
    expect(asked.retryTask).toHaveBeenCalledWith("gifts.myshopify.com", "import");
  });

  it("knows no other tasks", async () => {
    const thrown: unknown = await action(visit({ intent: "retry", task: "x" })).catch(
      (error: unknown) => error,
    );
    if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
    expect(thrown.status).toBe(400);
  });
});
