import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { isPlanName, type PlanName, planNames } from "#simulator/plans.ts";
import {
  allAccepted,
  segmentFormNames,
  type SegmentForms,
  segmentFormTreatments,
} from "#simulator/segments/forms.ts";
import {
  type RotatedTokenAnswer,
  rotatedTokenAnswers,
  type SimApp,
  type SimCustomApp,
} from "#simulator/state.ts";

/** The scopes that the app requests, by default. */
const defaultScopes = ["read_orders", "read_all_orders", "write_customers", "read_customer_merge"];

export type SimulatorOptions = {
  port: number;
  shops: string[];
  /** For the shop `generated`. */
  customers: number | undefined;
  seed: number;
  /** Where the simulated time begins; undefined: now. */
  start: Date | undefined;
  plan: PlanName;
  app: SimApp;
  appConfig: string | undefined;
  dataDirectory: string;
  bulkQueryObjectsPerSecond: number;
  bulkMutationLinesPerSecond: number;
  bulkLatencyMs: number;
  webhookRetryScale: number;
  withheldData: ReadonlySet<string>;
  customApp: SimCustomApp | null;
  rotatedTokenAnswer: RotatedTokenAnswer;
  trimDecimals: boolean;
  segmentForms: SegmentForms;
  segmentLagMs: number;
  ordersPerMinute: number;
};

const flags = {
  port: { type: "string", default: "4000" },
  shop: { type: "string", multiple: true },
  customers: { type: "string" },
  seed: { type: "string", default: "1" },
  start: { type: "string" },
  plan: { type: "string", default: "standard" },
  scopes: { type: "string", default: defaultScopes.join(",") },
  "withhold-scopes": { type: "string", default: "" },
  "withhold-data": { type: "string", default: "" },
  "app-url": { type: "string" },
  "api-key": { type: "string" },
  "api-secret": { type: "string" },
  "app-handle": { type: "string" },
  "app-title": { type: "string", default: "Encore" },
  "app-config": { type: "string" },
  "data-directory": { type: "string" },
  "bulk-query-objects-per-second": { type: "string", default: "20000" },
  "bulk-mutation-lines-per-second": { type: "string", default: "1000" },
  "bulk-latency-ms": { type: "string", default: "500" },
  "webhook-retry-scale": { type: "string", default: "1" },
  "custom-app-token": { type: "string" },
  "custom-app-scopes": { type: "string", default: "write_orders,write_customers" },
  "segment-form": { type: "string", multiple: true },
  "segment-lag-ms": { type: "string", default: "0" },
  "orders-per-minute": { type: "string", default: "5" },
  "trim-decimals": { type: "boolean", default: false },
  "rotated-token-answer": { type: "string", default: "invalid_request" },
} as const;

/** Throws a RangeError that names the flag and its valid values. */
export function readOptions(
  argv: readonly string[],
  env: Record<string, string | undefined>,
): SimulatorOptions {
  const { values } = parseArgs({ args: [...argv], options: flags, strict: true });
  const plan = values.plan;
  if (!isPlanName(plan)) throw new RangeError(`--plan ${plan}: one of ${planNames.join(", ")}`);
  const port = number("port", values.port);
  const withheld = new Set(words(values["withhold-scopes"]));
  return {
    port,
    shops: values.shop ?? ["giftware"],
    customers: values.customers === undefined ? undefined : number("customers", values.customers),
    seed: number("seed", values.seed),
    start: values.start === undefined ? undefined : date(values.start),
    plan,
    app: {
      url: values["app-url"] ?? env.SIMULATOR_APP_URL ?? "http://127.0.0.1:3100",
      apiKey: values["api-key"] ?? env.SIMULATOR_API_KEY ?? "simulated-key",
      apiSecret: values["api-secret"] ?? env.SIMULATOR_API_SECRET ?? "simulated-secret",
      handle: values["app-handle"] ?? env.SIMULATOR_APP_HANDLE ?? "encore",
      title: values["app-title"],
      clientId: "347082227713",
      scopes: words(values.scopes).filter((scope) => !withheld.has(scope)),
    },
    appConfig: values["app-config"],
    dataDirectory: values["data-directory"] ?? join(tmpdir(), `simulator-${port}-${process.pid}`),
    bulkQueryObjectsPerSecond: number(
      "bulk-query-objects-per-second",
      values["bulk-query-objects-per-second"],
    ),
    bulkMutationLinesPerSecond: number(
      "bulk-mutation-lines-per-second",
      values["bulk-mutation-lines-per-second"],
    ),
    bulkLatencyMs: number("bulk-latency-ms", values["bulk-latency-ms"]),
    webhookRetryScale: number("webhook-retry-scale", values["webhook-retry-scale"]),
    withheldData: new Set(words(values["withhold-data"])),
    customApp: customApp(values["custom-app-token"], values["custom-app-scopes"]),
    segmentForms: segmentForms(values["segment-form"] ?? []),
    segmentLagMs: number("segment-lag-ms", values["segment-lag-ms"]),
    ordersPerMinute: number("orders-per-minute", values["orders-per-minute"]),
    trimDecimals: values["trim-decimals"],
    rotatedTokenAnswer: rotatedTokenAnswer(values["rotated-token-answer"]),
  };
}

function customApp(token: string | undefined, scopes: string): SimCustomApp | null {
  return token === undefined ? null : { token, clientId: "190283746551", scopes: words(scopes) };
}

function segmentForms(settings: readonly string[]): SegmentForms {
  const forms = { ...allAccepted };
  for (const setting of settings) {
    const [name, treatment] = setting.split("=");
    const form = segmentFormNames.find((known) => known === name);
    const how = segmentFormTreatments.find((known) => known === treatment);
    if (form === undefined || how === undefined) {
      const known = `${segmentFormNames.join("|")}=${segmentFormTreatments.join("|")}`;
      throw new RangeError(`--segment-form ${setting}: ${known}`);
    }
    forms[form] = how;
  }
  return forms;
}

function rotatedTokenAnswer(text: string): RotatedTokenAnswer {
  const answer = rotatedTokenAnswers.find((known) => known === text);
  if (answer !== undefined) return answer;
  throw new RangeError(`--rotated-token-answer ${text}: one of ${rotatedTokenAnswers.join(", ")}`);
}

function words(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function number(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(`--${flag} ${text}: a number, zero or more`);
  }
  return value;
}

function date(text: string): Date {
  const value = new Date(text);
  if (Number.isNaN(value.getTime())) throw new RangeError(`--start ${text}: an ISO date`);
  return value;
}
