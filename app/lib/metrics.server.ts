import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

// Metrics of this process; those of the whole installation are in worker/gauges.server.ts. Labels
// have few values: a route, a task, an operation, never a shop or an id.

const JOB_SECONDS = [0.05, 0.2, 0.5, 1, 2, 5, 15, 60, 300, 1800];
const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const LAG_SECONDS = [0.1, 0.5, 1, 2, 5, 15, 30, 60, 300, 3600];

function define() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "encore_" });
  const registers = [registry];
  return {
    registry,
    httpSeconds: new Histogram({
      name: "encore_http_request_duration_seconds",
      help: "Requests answered, by the route's pattern",
      labelNames: ["route", "method", "status"] as const,
      buckets: HTTP_SECONDS,
      registers,
    }),
    httpHungUp: new Counter({
      name: "encore_http_hung_up_total",
      help: "Requests not taken, by the status: too large (413, 431), too slow (408), not HTTP (400)",
      labelNames: ["status"] as const,
      registers,
    }),
    jobSeconds: new Histogram({
      name: "encore_job_duration_seconds",
      help: "Jobs run, by how they ended: done, interrupted, again (will be tried again), parked, stopped (no access to the shop) or dropped (it left)",
      labelNames: ["task", "outcome"] as const,
      buckets: JOB_SECONDS,
      registers,
    }),
    jobWaitSeconds: new Histogram({
      name: "encore_job_wait_seconds",
      help: "From when a job could have begun to when it did",
      labelNames: ["task"] as const,
      buckets: LAG_SECONDS,
      registers,
    }),
    apiCost: new Counter({
      name: "encore_shopify_cost_points_total",
      help: "Points of the Admin API's cost that calls took",
      labelNames: ["operation"] as const,
      registers,
    }),
    apiReplies: new Counter({
      name: "encore_shopify_replies_total",
      help: "Replies of the Admin API: data, error, unauthorized, or why it is asked again (throttled, server …)",
      labelNames: ["outcome"] as const,
      registers,
    }),
    webhookDeliverySeconds: new Histogram({
      name: "encore_webhook_delivery_seconds",
      help: "From when Shopify triggered a webhook to when it was kept",
      buckets: LAG_SECONDS,
      registers,
    }),
    webhookHandlingSeconds: new Histogram({
      name: "encore_webhook_handling_seconds",
      help: "From when a webhook about an order was kept to when its order was brought in",
      buckets: LAG_SECONDS,
      registers,
    }),
  };
}

// On globalThis, since the built app and the server around it both load this module.
const kept = globalThis as { encoreMetrics?: ReturnType<typeof define> };

export const metrics = (kept.encoreMetrics ??= define());
