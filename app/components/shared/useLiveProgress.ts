import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";

import type { TaskProgress } from "#app/queue/progress.ts";

import { phaseOf, pollAfterMs } from "./progress.ts";

export type ProgressAnswer = { progress: TaskProgress[] };

/**
 * Polls the progress of background tasks, and reloads the page when a task begins or ends. A failed
 * poll is repeated, since it must not replace the page by an error.
 *
 * @param awaited more work is expected although no task is recorded yet
 */
export function useLiveProgress(loaded: TaskProgress[], awaited: boolean): TaskProgress[] {
  const [progress, setProgress] = useState(loaded);
  const { revalidate } = useRevalidator();
  const phase = useRef(phaseOf(loaded));

  useEffect(() => {
    phase.current = phaseOf(loaded);
    setProgress(loaded);
  }, [loaded]);

  useEffect(() => {
    const wait = pollAfterMs(progress, awaited);
    if (wait === null) return;
    const timer = setTimeout(() => {
      void readProgress().then((answer) => {
        const next = answer ?? [...progress];
        setProgress(next);
        if (phaseOf(next) === phase.current) return;
        phase.current = phaseOf(next);
        revalidate();
      });
    }, wait);
    return () => {
      clearTimeout(timer);
    };
  }, [progress, awaited, revalidate]);

  return progress;
}

/** App Bridge adds the session token to the request. */
async function readProgress(): Promise<TaskProgress[] | null> {
  try {
    const response = await fetch("/app/progress", { headers: { accept: "application/json" } });
    if (!response.ok) return null;
    const answer = (await response.json()) as ProgressAnswer;
    return answer.progress;
  } catch {
    return null;
  }
}
