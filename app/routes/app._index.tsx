import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { readKnownSegments } from "#app/campaigns/target-segment.server.ts";
import { HomePage } from "#app/components/home/HomePage.tsx";
import { taskProgress } from "#app/components/shared/progress.ts";
import { useFreshness } from "#app/components/shared/useFreshness.ts";
import { useLiveProgress } from "#app/components/shared/useLiveProgress.ts";
import { badRequest, readForm } from "#app/http/form.server.ts";
import { requireInstalledShop, requireShop } from "#app/http/require-shop.server.ts";
import { now } from "#app/lib/clock.server.ts";
import { enqueueReconciliation } from "#app/orders/reconcile/reconciliation-runs.server.ts";
import { readWaiting } from "#app/privacy/reports/reports.server.ts";
import { parseProgressTask, retryTask } from "#app/queue/retry.server.ts";
import { readVerdict } from "#app/scoring/views/accuracy.server.ts";
import { readHome } from "#app/scoring/views/home.server.ts";
import { dismissOnboarding, isOnboardingDismissed } from "#app/shop/onboarding.server.ts";
import { agreeToWriting, readWriting } from "#app/writeback/writing-view.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireInstalledShop(request);
  const view = await readHome(shop);
  const scored = view.state === "scored";
  const [writing, segments, verdict, requests, dismissed] = await Promise.all([
    scored ? readWriting(shop) : null,
    scored ? readKnownSegments(shop) : {},
    scored ? readVerdict(shop) : null,
    readWaiting(shop),
    isOnboardingDismissed(shop),
  ]);
  const onboarding = dismissed ? "dismissed" : "open";
  return { view, writing, segments, verdict, requests, onboarding, nowMs: now().getTime() };
}

export async function action({ request }: ActionFunctionArgs) {
  const shop = await requireShop(request);
  const form = await readForm(request);
  const intent = form.get("intent");
  const task = parseProgressTask(form.get("task"));
  if (intent === "agree") await agreeToWriting(shop);
  else if (intent === "dismiss") await dismissOnboarding(shop);
  else if (intent === "check") await enqueueReconciliation(shop);
  else if (intent === "retry" && task !== null) await retryTask(shop, task);
  else throw badRequest(intent, "agree, check, dismiss, or retry with a task");
  return { done: intent };
}

export default function Home() {
  const { view, ...rest } = useLoaderData<typeof loader>();
  const { writing } = rest;
  const write = taskProgress(view.progress, "write");
  const awaited =
    view.state === "importing" ||
    (writing?.agreedAt && !writing.pausedAt && write.state !== "done") ||
    writing?.beingRemoved;
  const progress = useLiveProgress(view.progress, Boolean(awaited));
  useFreshness();
  return <HomePage {...rest} view={{ ...view, progress }} />;
}
