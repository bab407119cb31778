import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

const FRESH_FOR_MS = 60_000;

/**
 * Keeps the page's figures current while it is visible: reloads them every minute, and at once when
 * the merchant returns from another tab.
 */
export function useFreshness(): void {
  useRepeatedly(FRESH_FOR_MS);
}

/** Reloads the page's figures at this interval while it is visible; null: never. */
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
