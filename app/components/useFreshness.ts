import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

const FRESH_FOR_MS = 60_000;

/**
 * Keeps the page's figures current while somebody looks at it: they are read anew each minute, and
 * at once when the merchant comes back from another tab.
 */
export function useFreshness(): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    const refresh = () => {
      if (document.visibilityState === "visible") revalidate();
    };
    const timer = setInterval(refresh, FRESH_FOR_MS);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [revalidate]);
}
