import { useEffect, useRef } from "react";
import type { RefObject } from "react";

/** Whether Alt is down now, without drawing anything anew. Pointer events say it, too, so that a key pressed elsewhere is not missed. */
export function useAltKey(): RefObject<boolean> {
  const down = useRef(false);
  useEffect(() => {
    const read = (event: KeyboardEvent | PointerEvent) => {
      down.current = event.altKey;
    };
    const events = ["keydown", "keyup", "pointermove", "pointerdown", "pointerup"] as const;
    for (const name of events) window.addEventListener(name, read, true);
    return () => {
      for (const name of events) window.removeEventListener(name, read, true);
    };
  }, []);
  return down;
}
