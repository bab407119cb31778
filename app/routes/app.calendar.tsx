import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { CalendarPage } from "#app/components/calendar/CalendarPage.tsx";
import { CalendarWaiting } from "#app/components/calendar/CalendarWaiting.tsx";
import { requireShop } from "#app/http/require-shop.server.ts";
import { readCalendar } from "#app/scoring/views/calendar.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  return readCalendar(await requireShop(request));
}

export default function CalendarRoute() {
  const answer = useLoaderData<typeof loader>();
  if (answer.kind !== "scored") return <CalendarWaiting kind={answer.kind} />;
  return <CalendarPage view={answer.calendar} />;
}
