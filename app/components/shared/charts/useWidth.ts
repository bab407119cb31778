import { type RefObject, useEffect, useRef, useState } from "react";

/** Assumed by the server, which cannot know the width of the page. */
const SERVER_WIDTH = 640;

/**
 * The width of an element in CSS pixels, so that a picture fills it with text at its normal size.
 * Until it is measured, 640.
 */
export function useWidth(): { ref: RefObject<HTMLDivElement>; width: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(SERVER_WIDTH);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
