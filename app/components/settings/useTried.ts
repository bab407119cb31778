import { useFetcher } from "@remix-run/react";
import { useEffect } from "react";

const PAUSE_MS = 300;

/**
 * Asks what a change would do, a moment after the last keystroke or movement.
 *
 * @param path null when there is nothing to ask
 * @returns the last answer, also while the next one is on its way
 */
export function useTried<Answer>(key: string, path: string | null) {
  const fetcher = useFetcher<Answer>({ key });
  const { load } = fetcher;
  useEffect(() => {
    if (path === null) return;
    const timer = setTimeout(() => {
      load(path);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [path, load]);
  return { found: fetcher.data ?? null, loading: fetcher.state !== "idle" };
}
