import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

const FRESH_FOR_MS = 60_000;

/**
 * Keeps the page's figures current while somebody looks at it: they are read anew each minute, and
 * at once when the merchant comes back from another tab.
 */
export function useFreshness(): void {
  useRepeatedly(FRESH_FOR_MS);
}

/** Reads the page's figures anew so often while somebody looks; null: not at all. */
export function useRepeatedly(everyMs: number | null): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (everyMs === null) return;
    const refresh = () => {
      if (document.visibilityState === "visible") revalidate();
    };
    const timer = setInterval(refresh, everyMs);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [revalidate, everyMs]);
}
