import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

/** Loads the page anew when the merchant comes back to it from another tab. */
export function useReturning(): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    const refresh = () => {
      if (document.visibilityState === "visible") revalidate();
    };
    document.addEventListener("visibilitychange", refresh);
    return () => {
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [revalidate]);
}
